import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, startKafka, startPostgres, type RunningKafka, type RunningPostgres } from '#libs/local-stack';
import { migrate } from '#libs/store';
import { eventually, type SpawnedApp } from '#libs/testing';
import { aTenant, notes, Rig, type Sent } from '../e2e/rig.js';

/** How long faults rain; the same seed gives the same faults in the same order. */
const SECONDS = Number(process.env['ANNALS_FAULT_SECONDS'] ?? '120');
const SEED = Number(process.env['ANNALS_FAULT_SEED'] ?? '1');
const PARTITIONS = 3;

describe(`two ingest processes under random faults, ${SECONDS} s, seed ${SEED}`, () => {
  let folder: string;
  let ports: readonly [kafka: number, postgres: number];
  let kafka: RunningKafka;
  let postgres: RunningPostgres;
  let rig: Rig;
  const ingests: SpawnedApp[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annals-faults-'));
    ports = [await freePort(), await freePort()];
    kafka = await startKafka({ dataDir: join(folder, 'kafka'), port: ports[0] });
    postgres = await startPostgres({ dataDir: join(folder, 'postgres'), port: ports[1], durable: true });
    await migrate(postgres.url);
    rig = await Rig.open(PARTITIONS, postgres.url, kafka.brokers);
    ingests.push(await rig.ingest(), await rig.ingest());
  }, 120_000);

  afterAll(async () => {
    await rig.close();
    await Promise.all([kafka.stop(), postgres.stop()]);
    await rm(folder, { recursive: true, force: true });
  }, 120_000);

  async function killIngest(which: number): Promise<void> {
    ingests[which]?.kill('SIGKILL');
    await ingests[which]?.exit;
    ingests[which] = await rig.ingest({}, { until: 'live' });
  }
  async function sleepIngest(which: number): Promise<void> {
    ingests[which]?.kill('SIGSTOP');
    await pause(8_000);
    ingests[which]?.kill('SIGCONT');
  }
  async function killKafka(): Promise<void> {
    if (kafka.pid !== null) process.kill(kafka.pid, 'SIGKILL');
    await kafka.stop();
    kafka = await startKafka({ dataDir: join(folder, 'kafka'), port: ports[0] });
  }
  async function killPostgres(): Promise<void> {
    process.kill(postgres.pid, 'SIGQUIT');
    await postgres.stop();
    postgres = await startPostgres({ dataDir: join(folder, 'postgres'), port: ports[1], durable: true });
  }

  test(
    'lose nothing, double nothing, keep every order, refuse exactly what is bad',
    async () => {
      const random = seeded(SEED);
      const tenants = Array.from({ length: 5 }, aTenant);
      const faults = [() => killIngest(0), () => killIngest(1), () => sleepIngest(random(2)), killKafka, killPostgres];
      let isOver = false;
      let sent = 0;
      let bad = 0;
      const producing = (async () => {
        while (!isOver) {
          for (const tenant of tenants) await patiently(() => rig.publish(notes(tenant, 50, sent)));
          await patiently(() => rig.publish([poison(tenants[0] ?? '')]));
          sent += 50;
          bad += 1;
        }
      })();
      for (const end = Date.now() + SECONDS * 1000; Date.now() < end;) {
        await pause(1_000 + random(4_000));
        await faults[random(faults.length)]?.();
      }
      isOver = true;
      await producing;
      for (const tenant of tenants) {
        await eventually(async () => (await rig.appended(tenant)) >= sent, { describe: 'all of the tenant stands', timeoutMs: 180_000 });
        expect(await rig.appended(tenant)).toBe(sent);
        expect(await rig.holes(tenant)).toEqual([]);
        expect(await rig.projectionFaults(tenant)).toEqual([]);
      }
      const letters = await rig.sql<{ reason: string; count: number }>(
        'select reason, count(*)::int as count from annals.dead_letters group by 1',
      );
      // the producer of the test is tried again after an outage: what it sent twice is a dead letter twice, a note is one note
      expect(letters.map(({ reason }) => reason)).toEqual(['not_json']);
      expect(letters[0]?.count).toBeGreaterThanOrEqual(bad);
      process.stdout.write(`${sent * tenants.length} events, ${bad} bad records\n`);
    },
    (SECONDS + 300) * 1000,
  );
});

const poison = (tenant: string): Sent => ({ topic: 'crm.web', key: tenant, value: '{"truncated":' });

/** Kafka may be away: what was not acknowledged is sent again, with the same ids. */
async function patiently(send: () => Promise<void>): Promise<void> {
  await eventually(() => send().then(() => true), { describe: 'Kafka takes the records', timeoutMs: 60_000, everyMs: 200 });
}

/** Numbers below `bound`, the same for the same seed (mulberry32). */
function seeded(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  };
}
