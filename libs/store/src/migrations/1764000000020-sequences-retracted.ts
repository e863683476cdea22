import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The sequence engine sees what was taken back before it came: such an event starts nothing. */
export class SequencesRetracted1764000000020 implements MigrationInterface {
  name = 'SequencesRetracted1764000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('grant select on annals.retracted to annals_sequences');
    await runner.query('create policy sequences_reads_all on annals.retracted for select to annals_sequences using (true)');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}
