import type { TenantClient } from '../connect/in-tenant.js';
import { at } from './enrollment-rows.js';

/** A version of a playbook on an event. */
export interface PlaybookRun {
  readonly tenantId: string;
  readonly playbookId: string;
  readonly version: number;
  readonly eventId: string;
  readonly position: bigint;
}

export interface EndedRun extends PlaybookRun {
  readonly outcome: 'completed' | 'failed' | 'skipped';
}

export const runKey = ({ tenantId, playbookId, version, eventId }: PlaybookRun): string =>
  `${tenantId} ${playbookId} ${version} ${eventId}`;

/** Which of these ran before, by `runKey`. */
export async function ranBefore(client: TenantClient, tenantIds: readonly string[], eventIds: readonly string[]): Promise<Set<string>> {
  if (eventIds.length === 0) return new Set();
  const { rows } = await client.query<{ tenant_id: string; playbook_id: string; version: number; event_id: string }>(
    `select r.tenant_id, r.playbook_id, r.version, r.event_id from annals_app.playbook_runs r
     where r.tenant_id = any ($1) and r.event_id = any ($2)`,
    [tenantIds, eventIds],
  );
  return new Set(
    rows.map((row) =>
      runKey({ tenantId: row.tenant_id, playbookId: row.playbook_id, version: row.version, eventId: row.event_id, position: 0n }),
    ),
  );
}

export async function keepRuns(client: TenantClient, runs: readonly EndedRun[], nowMs: number): Promise<void> {
  if (runs.length === 0) return;
  await client.query(
    `insert into annals_app.playbook_runs (tenant_id, playbook_id, version, event_id, position, outcome, ran_at)
     select g.*, $7::timestamptz from unnest($1::uuid[], $2::text[], $3::int[], $4::uuid[], $5::bigint[], $6::text[]) g
     on conflict do nothing`,
    [
      runs.map(({ tenantId }) => tenantId),
      runs.map(({ playbookId }) => playbookId),
      runs.map(({ version }) => version),
      runs.map(({ eventId }) => eventId),
      runs.map(({ position }) => String(position)),
      runs.map(({ outcome }) => outcome),
      at(nowMs),
    ],
  );
}
