import { fileURLToPath } from 'node:url';
import { createTopics, publish } from '../events/publish.js';
import type { GenerateOptions } from '../events/generate.js';
import { emptyDatabase } from '../stack/databases.js';
import { startChild, type ChildApp } from '../stack/child-app.js';
import { freePort, respondsOk } from '../stack/http-port.js';
import type { BenchStack } from '../stack/start-stack.js';
import { USUAL_TOPIC } from '../usual-way/usual-topic.js';
import { watchLoad, type Load } from './load.js';

const ENTRY = fileURLToPath(new URL('../usual-way/main.js', import.meta.url));

export interface UsualApp extends ChildApp {
  readonly url: string;
}

/** Starts the usual way on a database of its own tables; with a group it consumes as well. */
export async function startUsualWay(stack: BenchStack, databaseUrl: string, groupId?: string): Promise<UsualApp> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const kafka: Record<string, string> = groupId === undefined ? {} : { KAFKA_BROKERS: stack.brokers.join(','), GROUP_ID: groupId };
  const app = await startChild({
    name: 'the usual way',
    entry: ENTRY,
    env: { DATABASE_URL: databaseUrl, PORT: String(port), ...kafka },
    // it answers an unknown record with an empty list
    ready: () => respondsOk(`${url}/timeline?tenantId=00000000-0000-0000-0000-000000000000&entityType=account&entityId=none`),
  });
  return { ...app, url };
}

/** Puts the events onto the one topic that the usual way reads. */
export async function publishForUsualWay(stack: BenchStack, options: GenerateOptions): Promise<void> {
  await createTopics(stack, [USUAL_TOPIC]);
  await publish(stack, options, USUAL_TOPIC);
}

/** (c) Nest's stock transport, class-validator, TypeORM's `save()` of an activity and its links. */
export async function loadUsualWay(stack: BenchStack, events: number, round: number): Promise<Load> {
  const database = await emptyDatabase(stack, `usual_${round}`);
  const countSql = 'select count(*) from activity';
  const app = await startUsualWay(stack, database.url, `usual-${round}`);
  try {
    return await watchLoad({ database, countSql, target: events, nodePid: app.pid, postgresPid: stack.postgresPid });
  } finally {
    await app.stop();
    await database.drop();
  }
}
