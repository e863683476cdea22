import { EVENT_TYPES } from '#libs/contracts';
import { eventually } from '#libs/testing';
import pg from 'pg';

/** Who must have said what since the stack was started. */
const SAID: readonly (readonly [source: string, type: string])[] = [
  ['/demo/crm', 'email.sent'],
  ['/webhooks/resend', 'email.opened'],
  ['/webhooks/resend', 'email.received'],
  ['/producers/enrichment-worker', 'enrichment.completed'],
  ['/producers/scoring-engine', 'lead.score_updated'],
  ['/producers/sequence-engine', 'nurture.step_executed'],
  ['/producers/sequence-engine', 'email.sent'],
  ['/producers/sequence-engine', 'nurture.exited'],
  ['/producers/sequence-engine', 'playbook.executed'],
  ['/webhooks/tracking', 'email.opened'],
];

/** Resolves when every type and every program of the demo is in the log; throws for a dead letter: what was told twice in other words is one. */
export async function toldInTime(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const ask = async (): Promise<true> => {
      const { rows } = await client.query<{ said: string; type: string }>(
        `select distinct source || ' ' || type as said, type from annals.events where ingest_mode = 'live' or source = '/demo/crm'`,
      );
      expect([...new Set(rows.map(({ type }) => type))].sort()).toEqual([...EVENT_TYPES].sort());
      expect(rows.map(({ said }) => said)).toEqual(expect.arrayContaining(SAID.map((pair) => pair.join(' '))));
      return true;
    };
    await eventually(ask, { describe: 'every type, and every program', timeoutMs: 90_000, everyMs: 250 });
    const { rows: refused } = await client.query('select reason, topic from annals.dead_letters');
    expect(refused).toEqual([]);
  } finally {
    await client.end();
  }
}
