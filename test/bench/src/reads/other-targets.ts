import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectionFor } from '#libs/store';
import { startUsualWay } from '../ingest/usual-way.js';
import { startChild, type ChildApp } from '../stack/child-app.js';
import { emptyDatabase, settle, type BenchDatabase } from '../stack/databases.js';
import { freePort, respondsOk } from '../stack/http-port.js';
import type { BenchStack } from '../stack/start-stack.js';
import type { Target } from './drive.js';

const BARE_ENTRY = fileURLToPath(new URL('./bare-fastify.main.js', import.meta.url));

/** The timeline that is read. */
export interface Busy {
  readonly tenantId: string;
  readonly account: string;
}

export interface Other {
  readonly target: Target;
  stop(): Promise<void>;
}

/** Bare Fastify on the same database, logged in as the query app is: row-level security holds for it too. */
export async function startBareFastify({ url }: BenchDatabase, busy: Busy): Promise<Other> {
  const port = await freePort();
  const page = `http://127.0.0.1:${port}${pathOf(busy)}`;
  const app = await startChild({
    name: 'bare Fastify',
    entry: BARE_ENTRY,
    env: { DATABASE_URL: connectionFor(url, 'query'), PORT: String(port) },
    ready: () => respondsOk(page),
  });
  return { target: targetOf('bare Fastify, same SQL', app, page), stop: () => app.stop() };
}

/** The usual way on tables of its own that hold the same events. It checks no token. */
export async function startUsualReads(stack: BenchStack, annals: BenchDatabase, busy: Busy): Promise<Other> {
  const database = await emptyDatabase(stack, 'usual_reads');
  const app = await startUsualWay(stack, database.url);
  await copyActivities(stack, annals, database);
  await settle(database);
  const stop = async (): Promise<void> => {
    await app.stop();
    await database.drop();
  };
  return { target: targetOf('Nest and TypeORM, find()', app, app.url + pathOf(busy)), stop };
}

async function copyActivities({ exchangeDir }: BenchStack, annals: BenchDatabase, usual: BenchDatabase): Promise<void> {
  const activities = join(exchangeDir, 'activity.txt');
  const links = join(exchangeDir, 'activity_link.txt');
  await annals.client.query(`copy (select id, tenant_id, source, source_id, type, occurred_at, actor_type, actor_id, payload
    from annals.events order by appended_at, tenant_id, position) to '${activities}'`);
  await annals.client.query(`copy (select tenant_id, entity ->> 'type', entity ->> 'id', occurred_at, id
    from annals.events cross join lateral jsonb_array_elements(entities::jsonb) entity order by appended_at, tenant_id, position) to '${links}'`);
  await usual.client.query(`copy activity (id, "tenantId", source, "sourceId", type, "occurredAt", "actorType", "actorId", payload)
    from '${activities}'`);
  await usual.client.query(`copy activity_link ("tenantId", "entityType", "entityId", "occurredAt", "activityId") from '${links}'`);
}

const pathOf = ({ tenantId, account }: Busy): string => `/timeline?tenantId=${tenantId}&entityType=account&entityId=${account}`;
const targetOf = (name: string, { pid }: ChildApp, url: string): Target => ({ name, nodePid: pid, url, headers: {} });
