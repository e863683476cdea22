import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What automation may do: read every tenant's log, keep its checkpoints, and write what follows from events in `annals_app`. */
export class AutomationAccess1764000000007 implements MigrationInterface {
  name = 'AutomationAccess1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(GRANTS);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}

const READ = [
  'events',
  'timeline',
  'months',
  'heads',
  'retractions',
  'retracted',
  'comments',
  'merges',
  'unmerges',
  'timeline_counts',
  'checkpoints',
];

const GRANTS = /* sql */ `
grant usage on schema annals, annals_app to annals_automation;
grant usage on schema annals to annals_sequences, annals_webhook;
grant select on annals.migrations to annals_sequences, annals_webhook;
grant select on annals.migrations, ${READ.map((table) => `annals.${table}`).join(', ')} to annals_automation;
grant insert, update on annals.checkpoints to annals_automation;
${READ.map((table) => `create policy automation_reads_all on annals.${table} for select to annals_automation using (true);`).join('\n')}
create policy automation_keeps_checkpoints on annals.checkpoints for insert to annals_automation with check (true);
create policy automation_moves_checkpoints on annals.checkpoints for update to annals_automation using (true) with check (true);
alter default privileges in schema annals_app grant select, insert, update, delete on tables to annals_automation;
alter default privileges in schema annals_app grant usage on sequences to annals_automation;
`;
