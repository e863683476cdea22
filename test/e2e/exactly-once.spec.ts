import { eventually } from '#libs/testing';
import { aTenant, notes, Rig } from './rig.js';

const FAST = { describe: 'all events stand in the log', timeoutMs: 60_000 };

describe('nothing is lost and nothing is doubled', () => {
  let rig: Rig;
  beforeAll(async () => void (rig = await Rig.open(4)), 60_000);
  afterAll(() => rig.close(), 60_000);

  async function exact(tenant: string, count: number): Promise<void> {
    await eventually(async () => (await rig.appended(tenant)) >= count, FAST);
    expect(await rig.appended(tenant)).toBe(count);
    expect(await rig.holes(tenant)).toEqual([]);
    expect(await rig.projectionFaults(tenant)).toEqual([]);
  }

  test.each(['after_locks', 'before_commit', 'after_commit'])(
    'an ingest killed at %s leaves the log as if it had never been there, and another one goes on',
    async (point) => {
      const tenant = aTenant();
      const doomed = await rig.ingest({ ANNALS_PAUSE_AT: point });
      await rig.publish(notes(tenant, 500));
      await eventually(() => doomed.logs().includes(`paused at ${point}`), { describe: 'the append stands at the pause point' });
      doomed.kill('SIGKILL');
      await doomed.exit;
      const heir = await rig.ingest();
      await rig.publish(notes(tenant, 100, 500));
      await exact(tenant, 600);
      await heir.stop();
    },
    120_000,
  );

  test('an owner that sleeps through a rebalance and wakes up late adds nothing', async () => {
    const tenant = aTenant();
    const sleeper = await rig.ingest({ ANNALS_PAUSE_AT: 'after_begin' });
    await rig.publish(notes(tenant, 300));
    await eventually(() => sleeper.logs().includes('paused at after_begin'), { describe: 'the append has begun' });
    const heir = await rig.ingest({}, { until: 'live' });
    await exact(tenant, 300);
    sleeper.kill('SIGCONT');
    await rig.publish(notes(tenant, 50, 300));
    await exact(tenant, 350);
    await Promise.all([sleeper.stop(), heir.stop()]);
    expect(await rig.appended(tenant)).toBe(350);
  }, 120_000);

  test('two instances share the partitions, and one that comes or goes changes nothing', async () => {
    const tenants = Array.from({ length: 6 }, aTenant);
    const first = await rig.ingest();
    const publish = (from: number) => Promise.all(tenants.map((tenant) => rig.publish(notes(tenant, 300, from))));
    await publish(0);
    const second = await rig.ingest();
    await publish(300);
    await eventually(async () => (await assigned(first.url)) > 0 && (await assigned(second.url)) > 0, {
      describe: 'both instances have partitions',
      timeoutMs: 30_000,
    });
    await first.stop();
    await publish(600);
    for (const tenant of tenants) await exact(tenant, 900);
    await second.stop();
  }, 120_000);

  test('SIGTERM in the middle of the work leaves within 10 seconds and loses nothing', async () => {
    const tenant = aTenant();
    const leaving = await rig.ingest();
    await rig.publish(notes(tenant, 3000));
    await eventually(async () => (await rig.appended(tenant)) > 0, { describe: 'the work has begun' });
    const asked = Date.now();
    leaving.kill('SIGTERM');
    expect(await leaving.exit).toEqual({ code: 0, signal: null });
    expect(Date.now() - asked).toBeLessThan(10_000);
    const heir = await rig.ingest();
    await exact(tenant, 3000);
    await heir.stop();
  }, 120_000);
});

async function assigned(url: string): Promise<number> {
  const report = (await (await fetch(`${url}/health/ready`)).json()) as { checks: { consumer: { details: { assigned: number } } } };
  return report.checks.consumer.details.assigned;
}
