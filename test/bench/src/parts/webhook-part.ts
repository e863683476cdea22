import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeFlags } from '../../../../apps/cli/src/start/node-flags.js';
import { connectionFor } from '#libs/store';
import { tenantOfRank } from '../events/population.js';
import type { Fixtures } from '../fixtures.js';
import { cpuMicros } from '../measure/process-usage.js';
import { rounds } from '../measure/rounds.js';
import { spreadOf } from '../measure/spread.js';
import { startChild, type ChildApp } from '../stack/child-app.js';
import { createTopics } from '../events/publish.js';
import { emptyAnnals } from '../stack/databases.js';
import { freePort, respondsOk } from '../stack/http-port.js';
import { BATCH, PUBLIC_KEY, signBatch } from '../webhook/sign-batches.js';
import type { PartResult } from './ingest-parts.js';

const ENTRY = fileURLToPath(new URL('../../../../apps/email-webhook/src/main.js', import.meta.url));
const TENANT = tenantOfRank(0);
/** A provider posts over several connections. */
const CONNECTIONS = 4;

/** SendGrid's batches from the raw bytes to Kafka. Half of the events are of messages that are known or named, half wait on their threads. */
export async function benchWebhook(fixtures: Fixtures): Promise<PartResult> {
  const { stack, sizes } = fixtures;
  await createTopics(stack);
  const database = await emptyAnnals(stack, 'webhook');
  const file = join(stack.exchangeDir, 'webhooks.json');
  await writeFile(file, JSON.stringify([{ tenant: TENANT, provider: 'sendgrid', publicKey: PUBLIC_KEY }]));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const app = await startChild({
    name: 'the email webhook',
    entry: ENTRY,
    nodeFlags: nodeFlags('email-webhook'),
    env: {
      KAFKA_BROKERS: stack.brokers.join(','),
      WEBHOOK_DATABASE_URL: connectionFor(database.url, 'webhook'),
      WEBHOOK_HOST: '127.0.0.1',
      WEBHOOK_PORT: String(port),
      WEBHOOKS_CONFIG: file,
    },
    ready: () => respondsOk(`${url}/health/ready`),
  });
  try {
    await post(url, 1);
    const loads = [];
    for (const _round of rounds('Webhook', sizes, 30)) loads.push(await measure(url, app, sizes.secondsPerRead));
    const rate = spreadOf(loads.map(({ eventsPerSecond }) => eventsPerSecond));
    const row = { what: 'email webhook', rate, cpu: spreadOf(loads.map(({ micros }) => micros)) };
    return {
      section: { title: `SendGrid’s callbacks of ${BATCH} events, verified, placed and published`, unit: 'events/s', rows: [row] },
      figures: { webhookEventsPerSecond: rate.median },
    };
  } finally {
    await app.stop();
  }
}

async function measure(url: string, app: ChildApp, seconds: number): Promise<{ eventsPerSecond: number; micros: number }> {
  const [began, cpu] = [performance.now(), await cpuMicros(app.pid)];
  const until = began + seconds * 1000;
  const each = await Promise.all(Array.from({ length: CONNECTIONS }, () => post(url, Infinity, until)));
  const events = each.reduce((sum, batches) => sum + batches * BATCH, 0);
  const took = (performance.now() - began) / 1000;
  return { eventsPerSecond: events / took, micros: ((await cpuMicros(app.pid)) - cpu) / events };
}

/** Posts one batch after the other; the answer is how many were kept. */
async function post(url: string, most: number, until = Infinity): Promise<number> {
  let batches = 0;
  while (batches < most && performance.now() < until) {
    const response = await fetch(`${url}/webhooks/sendgrid/${TENANT}`, { method: 'POST', ...signBatch() });
    if (!response.ok) throw new Error(`the webhook answers ${response.status}`);
    await response.arrayBuffer();
    batches++;
  }
  return batches;
}
