import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Comments and moves of accounts, which are few among a timeline's entries, are found by one partial index instead of two: every row that is
 * appended asks each partial index whether it belongs there, a quarter of a microsecond an event (docs/decisions). To build it takes a scan of
 * the timelines, in which nothing is appended.
 */
export class FewEntries1764000000021 implements MigrationInterface {
  name = 'FewEntries1764000000021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create index timeline_few on annals.timeline (tenant_id, ref, type, occurred_at, position)
      where type in ('comment.added', 'account.parent_changed')`);
    await runner.query('drop index annals.timeline_comments, annals.timeline_parent_changes');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}
