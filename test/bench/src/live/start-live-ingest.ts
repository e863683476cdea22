import { fileURLToPath } from 'node:url';
import { nodeFlags } from '../../../../apps/cli/src/start/node-flags.js';
import { connectionFor } from '#libs/store';
import { startChild, type ChildApp } from '../stack/child-app.js';
import type { BenchDatabase } from '../stack/databases.js';
import { freePort, respondsOk } from '../stack/http-port.js';
import type { BenchStack } from '../stack/start-stack.js';

const ENTRY = fileURLToPath(new URL('../../../../apps/ingest/src/main.js', import.meta.url));

/** The built ingest app with all it does, on topics of its own: what other parts have published is not in its way. */
export async function startLiveIngest(stack: BenchStack, { url }: BenchDatabase, topicPrefix: string): Promise<ChildApp> {
  const port = await freePort();
  return startChild({
    name: 'the ingest app',
    entry: ENTRY,
    nodeFlags: nodeFlags('ingest'),
    env: {
      KAFKA_BROKERS: stack.brokers.join(','),
      KAFKA_TOPIC_PREFIX: topicPrefix,
      KAFKA_GROUP: `${topicPrefix}ingest`,
      INGEST_DATABASE_URL: connectionFor(url, 'ingest'),
      HEALTH_HOST: '127.0.0.1',
      HEALTH_PORT: String(port),
    },
    ready: () => respondsOk(`http://127.0.0.1:${port}/health/ready`),
  });
}
