import { fileURLToPath } from 'node:url';
import { nodeFlags } from '../../../../apps/cli/src/start/node-flags.js';
import { connectionFor } from '#libs/store';
import { startChild, type ChildApp } from '../stack/child-app.js';
import type { BenchDatabase } from '../stack/databases.js';
import { freePort, respondsOk } from '../stack/http-port.js';
import type { BenchStack } from '../stack/start-stack.js';
import { peakMemoryMb } from '../measure/process-usage.js';
import { watchLoad, type Load } from './load.js';

const ENTRY = fileURLToPath(new URL('../../../../apps/ingest/src/main.js', import.meta.url));

/** `append`: Kafka to log and timelines alone. `all`: also the relay to `annals.appended` and the counters of long timelines. */
export type Roles = 'append' | 'all';

const COUNTS: Record<Roles, string> = {
  append: 'select coalesce(sum(position), 0) as count from annals.heads',
  // an event counts when it has been appended, relayed and folded
  all: `select coalesce(min(done), 0) as count, coalesce(max(done), 0) as begun from (
          select coalesce(sum(position), 0) as done from annals.heads
          union all select coalesce(sum(c.position), 0) from (values ('appended'), ('timeline_counts')) f(consumer)
            left join annals.checkpoints c using (consumer) group by f.consumer) followers`,
};

/** The built ingest app on a database, configured as in production but for its addresses. */
export async function startIngest(stack: BenchStack, { url }: BenchDatabase, roles: Roles): Promise<ChildApp> {
  const port = await freePort();
  return startChild({
    name: 'the ingest app',
    entry: ENTRY,
    nodeFlags: nodeFlags('ingest'),
    env: {
      KAFKA_BROKERS: stack.brokers.join(','),
      INGEST_DATABASE_URL: connectionFor(url, 'ingest'),
      HEALTH_HOST: '127.0.0.1',
      HEALTH_PORT: String(port),
      INGEST_ROLES: roles === 'all' ? 'append,relay,fold' : 'append',
    },
    ready: () => respondsOk(`http://127.0.0.1:${port}/health/live`),
  });
}

export interface AnnalsLoad extends Load {
  readonly peakMb: number;
}

/** Starts ingest, lets it take what waits in Kafka and measures it until so many events are in. */
export async function loadAnnals(stack: BenchStack, database: BenchDatabase, events: number, roles: Roles = 'append'): Promise<AnnalsLoad> {
  const { rows } = await database.client.query<{ count: string }>(COUNTS[roles]);
  const target = Number(rows[0]?.count ?? 0) + events;
  const app = await startIngest(stack, database, roles);
  try {
    const watched = { database, postgresPid: stack.postgresPid, nodePid: app.pid, countSql: COUNTS[roles], target };
    const load = await watchLoad(watched);
    return { ...load, peakMb: await peakMemoryMb(app.pid) };
  } finally {
    await app.stop();
  }
}
