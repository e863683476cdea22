import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startKafka, startPostgres, type RunningPostgres } from '#libs/local-stack';
import { migrate } from '#libs/store';
import { eventually, type SpawnedApp } from '#libs/testing';
import { aTenant, notes, Rig } from './rig.js';

/** A PostgreSQL of this spec's own, so that it can go away and come back at the same address. */
describe('when PostgreSQL goes away under load', () => {
  let folder: string;
  let port: number;
  let postgres: RunningPostgres;
  let rig: Rig;
  let ingest: SpawnedApp;
  const start = () => startPostgres({ dataDir: folder, port, durable: true });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annals-outage-'));
    port = await freePort();
    postgres = await start();
    await migrate(postgres.url);
    rig = await Rig.open(2, postgres.url);
    ingest = await rig.ingest();
  }, 60_000);

  afterAll(async () => {
    await rig.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  const readiness = async () => (await fetch(`${ingest.url}/health/ready`)).status;

  test('ingest says it is not ready, retries, and loses, doubles and refuses nothing', async () => {
    const tenants = [aTenant(), aTenant(), aTenant()];
    const publish = (from: number) => Promise.all(tenants.map((tenant) => rig.publish(notes(tenant, 1000, from))));
    await publish(0);
    await postgres.stop();
    await publish(1000);
    await eventually(async () => (await readiness()) === 503, { describe: 'ingest is not ready' });
    postgres = await start();
    await publish(2000);
    for (const tenant of tenants) {
      await eventually(async () => (await rig.appended(tenant)) >= 3000, { describe: 'all of the tenant stands', timeoutMs: 60_000 });
      expect(await rig.appended(tenant)).toBe(3000);
      expect(await rig.holes(tenant)).toEqual([]);
      expect(await rig.projectionFaults(tenant)).toEqual([]);
    }
    expect(await rig.sql('select reason from annals.dead_letters')).toEqual([]);
    await eventually(async () => (await readiness()) === 200, { describe: 'ingest is ready again' });
  }, 120_000);

  test('the query app answers 503 with a problem document while it is away, and pages when it is back', async () => {
    const tenant = aTenant();
    await rig.publish(notes(tenant, 10));
    await eventually(async () => (await rig.appended(tenant)) === 10, { describe: 'the notes stand', timeoutMs: 30_000 });
    const query = await rig.query();
    const headers = { authorization: `Bearer ${await rig.staffToken(tenant)}` };
    const page = () => fetch(`${query.url}/api/v1/timelines/contact/contact-1`, { headers });
    expect((await page()).status).toBe(200);
    await postgres.stop();
    const refused = await eventually(
      async () => {
        const answer = await page();
        return answer.status === 503 && answer;
      },
      { describe: 'the page is refused' },
    );
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(await refused.text()).not.toMatch(/\bat .*\.js|ECONNREFUSED|postgres:\/\//);
    postgres = await start();
    await eventually(async () => (await page()).status === 200, { describe: 'the page is back', timeoutMs: 30_000 });
  }, 120_000);
});

test('when Kafka goes away ingest says so, comes back by itself and goes on where it was', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'annals-outage-'));
  const port = await freePort();
  const start = () => startKafka({ dataDir: folder, port });
  let kafka = await start();
  const rig = await Rig.open(2, undefined, kafka.brokers);
  const readiness = async () => (await fetch(`${ingest.url}/health/ready`)).status;
  const ingest = await rig.ingest();
  const tenant = aTenant();
  await rig.publish(notes(tenant, 500));
  await kafka.stop();
  await eventually(async () => (await readiness()) === 503, { describe: 'ingest is not ready', timeoutMs: 30_000 });
  kafka = await start();
  await rig.publish(notes(tenant, 500, 500));
  await eventually(async () => (await rig.appended(tenant)) >= 1000, { describe: 'all stands', timeoutMs: 60_000 });
  expect(await rig.appended(tenant)).toBe(1000);
  await eventually(async () => (await readiness()) === 200, { describe: 'ingest is ready again', timeoutMs: 30_000 });
  await rig.close();
  await kafka.stop();
  await rm(folder, { recursive: true, force: true });
}, 150_000);
