import { fileURLToPath } from 'node:url';
import { nodeFlags } from '../../../../apps/cli/src/start/node-flags.js';
import { connectionFor } from '#libs/store';
import { watchLoad } from '../ingest/load.js';
import type { AnnalsLoad } from '../ingest/annals.js';
import { peakMemoryMb } from '../measure/process-usage.js';
import { startChild, type ChildApp } from '../stack/child-app.js';
import { connectTo, type BenchDatabase } from '../stack/databases.js';
import { freePort, respondsOk } from '../stack/http-port.js';
import type { BenchStack } from '../stack/start-stack.js';
import { FIFTY_RULES } from './fifty-rules.js';

const ENTRY = fileURLToPath(new URL('../../../../apps/automation/src/main.js', import.meta.url));
/** `rules`: rules and notifications alone. `all`: beside roll-ups, the score feed and the scoring engine. */
export type Jobs = 'rules' | 'all';
const FOLLOWERS: Record<Jobs, readonly string[]> = { rules: ['rules'], all: ['rules', 'rollups', 'scores', 'lead-score-feed'] };

/** An event counts when all followers have done it. */
const doneBy = (jobs: Jobs): string =>
  `select min(done) as count, max(done) as begun from (
     select coalesce(sum(c.position), 0) as done from unnest(array['${FOLLOWERS[jobs].join("','")}']) f (consumer)
     left join annals.checkpoints c using (consumer) group by f.consumer) followers`;

/** The built automation app on a database, configured as in production but for its addresses. */
async function startAutomation(stack: BenchStack, { url }: BenchDatabase, jobs: Jobs): Promise<ChildApp> {
  const port = await freePort();
  return startChild({
    name: 'the automation app',
    entry: ENTRY,
    nodeFlags: nodeFlags('automation'),
    env: {
      KAFKA_BROKERS: stack.brokers.join(','),
      AUTOMATION_DATABASE_URL: connectionFor(url, 'automation'),
      HEALTH_HOST: '127.0.0.1',
      HEALTH_PORT: String(port),
      ...(jobs === 'rules' && { AUTOMATION_JOBS: 'rules,relay-notifications' }),
    },
    ready: () => respondsOk(`http://127.0.0.1:${port}/health/live`),
  });
}

/** Gives every tenant fifty rules that apply from its first event, as if the whole log had come since, and forgets what rules did before. */
export async function saveFiftyRules({ client }: BenchDatabase): Promise<void> {
  await client.query(
    'truncate annals_app.effects, annals_app.notifications, annals_app.tag_changes, annals_app.rules, annals_app.rule_versions',
  );
  await client.query("delete from annals.checkpoints where consumer = 'rules'");
  await client.query(
    `with given as (
       select h.tenant_id, gen_random_uuid() as id, definition from annals.heads h cross join unnest($1::text[]) definition),
     saved as (insert into annals_app.rules (tenant_id, id, version, created_by) select tenant_id, id, 1, 'bench' from given)
     insert into annals_app.rule_versions (tenant_id, rule_id, version, enabled, definition, from_position, created_by)
     select tenant_id, id, 1, true, definition, 0, 'bench' from given`,
    [FIFTY_RULES.map((rule) => JSON.stringify(rule))],
  );
}

/** Starts automation on a log that is there and measures it until all of it is done. */
export async function loadAutomation(stack: BenchStack, database: BenchDatabase, events: number, jobs: Jobs): Promise<AnnalsLoad> {
  const app = await startAutomation(stack, database, jobs);
  const watching = await connectTo(database);
  try {
    const watched = {
      database: { ...database, client: watching },
      postgresPid: stack.postgresPid,
      nodePid: app.pid,
      countSql: doneBy(jobs),
      target: events,
    };
    const load = await watchLoad(watched);
    return { ...load, peakMb: await peakMemoryMb(app.pid) };
  } finally {
    await watching.end();
    await app.stop();
  }
}
