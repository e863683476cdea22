import { FailingTenants, Outage, orOutage, type JointStep } from './failing-tenants.js';

const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const JANE = 'jane@example.com';

describe('a job that goes tenant by tenant', () => {
  let now = 0;
  let said: { details: object; message: string }[];
  let failing: FailingTenants;
  beforeEach(() => {
    now = 1_000_000;
    said = [];
    const say = (details: object, message: string) => void said.push({ details, message });
    failing = new FailingTenants({ info: say, warn: say }, () => now);
  });
  const fails = (error: Error) => () => Promise.reject(error);
  const bad = (code = '22P02') => Object.assign(new Error(`invalid: ${JANE}`), { code });
  const attempt = (tenant: string, work: () => Promise<boolean> = () => Promise.resolve(true)) => failing.attempt('scores', tenant, work);

  it('goes on behind a tenant that fails, and tries that one again after a growing while', async () => {
    const tried: number[] = [];
    const work = () => (tried.push(now), Promise.reject(bad()));
    expect([await attempt('a', work), await attempt('b')]).toEqual([undefined, true]);
    for (; now < 1_200_000; now += 500) await attempt('a', work);
    expect(tried.map((at) => (at - 1_000_000) / 1_000)).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
    expect(await attempt('b')).toBe(true);
  });

  it('tells once what changes, by the kind of the error and never by its text', async () => {
    for (const code of ['22P02', '22P02', '22003', '22003']) {
      await attempt('a', fails(bad(code)));
      now += 60_000;
    }
    await attempt('a');
    expect(said.map(({ details, message }) => [message, (details as { error?: string }).error])).toEqual([
      ['set this tenant aside, others go on', 'Error 22P02'],
      ['set this tenant aside, others go on', 'Error 22003'],
      ['this tenant is followed again', undefined],
    ]);
    const { at, ...who } = said[0]?.details as { at: string[] };
    expect(who).toEqual({ job: 'scores', tenantId: 'a', error: 'Error 22P02' });
    expect(at.every((frame) => frame.startsWith('at ')) && at.length > 0).toBe(true);
    expect(JSON.stringify(said)).not.toContain(JANE);
    expect(failing.list()).toEqual([]);
  });

  it('is set back as a whole by a database or brokers that are away: no tenant is to blame', async () => {
    await expect(attempt('a', fails(away))).rejects.toBe(away);
    await expect(attempt('a', () => orOutage(Promise.reject(new Error('no brokers'))))).rejects.toThrow(Outage);
    await expect(attempt('a', fails(bad('42501')))).rejects.toMatchObject({ code: '42501' });
    expect(failing.list()).toEqual([]);
    expect(await attempt('a', fails(bad('57014')))).toBeUndefined();
  });

  it('shows who is set aside, of each job, until it leads no more', async () => {
    await attempt('a', fails(bad()));
    await failing.attempt('rules', 'a', fails(new TypeError(JANE)));
    expect(failing.list()).toMatchObject([
      { job: 'scores', tenantId: 'a', failures: 1, since: 1_000_000, retryAt: 1_001_000, error: 'Error 22P02' },
      { job: 'rules', tenantId: 'a', error: 'TypeError' },
    ]);
    expect([failing.waiting('rules'), failing.waiting('scores')]).toEqual([['a'], ['a']]);
    now += 2_000;
    expect([failing.waiting('rules'), failing.list().length]).toEqual([[], 2]);
    now += 300_000;
    expect(failing.list()).toEqual([]);
  });

  describe('and takes many at once', () => {
    let poisoned: Set<string>;
    let steps: string[][];
    const step: JointStep = (which, took) => {
      const taken = ['a', 'b', 'c'].filter((one) => (which.only ?? one) === one && !which.except?.includes(one));
      took(taken);
      steps.push(taken);
      return taken.some((one) => poisoned.has(one)) ? Promise.reject(bad()) : Promise.resolve(false);
    };
    beforeEach(() => {
      steps = [];
      poisoned = new Set(['b']);
    });

    it('does each alone when they fail together, and from then on without the one who is the reason', async () => {
      await failing.jointly('rules', step);
      expect(steps).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
      await failing.jointly('rules', step);
      expect(steps.slice(4)).toEqual([['a', 'c']]);
      now += 1_000;
      poisoned.clear();
      await failing.jointly('rules', step);
      await failing.jointly('rules', step);
      expect(steps.slice(5)).toEqual([['b'], ['a', 'c'], ['a', 'b', 'c']]);
    });

    it('blames nobody for an outage, or for what failed before anybody was taken', async () => {
      await expect(failing.jointly('rules', fails(away))).rejects.toBe(away);
      await expect(failing.jointly('rules', fails(bad()))).rejects.toThrow();
      expect(failing.list()).toEqual([]);
    });
  });
});
