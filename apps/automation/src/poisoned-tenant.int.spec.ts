import pg from 'pg';
import { FailingTenants, type LedJob } from '#libs/store';
import { anEvent, freshDatabase, type FreshDatabase } from '#libs/testing';
import type { AutomationParts } from './automation-parts.js';
import { jobsOf } from './jobs.js';
import { lead, order, ScoredLog } from './scores/scored-log.fixture.js';

const JOBS = ['rules', 'relay-notifications', 'rollups', 'score-feed', 'scores'] as const;
const CONSUMERS = ['lead-score-feed', 'rollups', 'rules', 'scores'];

let fresh: FreshDatabase;
let log: ScoredLog;
let owner: pg.Client;
beforeAll(async () => {
  fresh = await freshDatabase();
  log = await ScoredLog.open(fresh.url, anEvent);
  owner = new pg.Client({ connectionString: fresh.url });
  await owner.connect();
});
afterAll(async () => {
  await Promise.all([log.close(), owner.end()]);
  await fresh.drop();
});

const mention = { type: 'comment.added', entities: lead(), payload: { commentId: 'c', text: 'see', mentions: ['user-jane'] } };

async function begin(): Promise<string> {
  log.begin();
  await log.append(mention, order(0));
  return log.tenant;
}

/** The references of the tenant's events, broken or mended, as no program of ours writes them. */
async function write(tenant: string, change: string): Promise<void> {
  await owner.query('alter table annals.events disable trigger append_only');
  await owner.query(`update annals.events set entities = ${change} where tenant_id = $1`, [tenant]);
  await owner.query('alter table annals.events enable always trigger append_only');
}

/** The followers that have done all of a tenant's log. */
async function done(tenant: string): Promise<string[]> {
  const { rows } = await owner.query<{ consumer: string }>(
    `select consumer from annals.checkpoints c join annals.heads h using (tenant_id)
     where tenant_id = $1 and c.position = h.position and consumer = any ($2) order by consumer`,
    [tenant, CONSUMERS],
  );
  return rows.map(({ consumer }) => consumer);
}

const toldOf = (tenant: string) => log.published.filter(({ key }) => key === tenant).map(({ topic }) => topic);

async function settle(jobs: readonly LedJob[]): Promise<void> {
  for (const job of jobs) while (await job.act());
}

it('a tenant that cannot be followed stops nobody behind it in any job, and is followed again once it is mended', async () => {
  let now = Date.now();
  const said: object[] = [];
  const say = (details: object) => void said.push(details);
  const failing = new FailingTenants({ info: say, warn: say }, () => now);
  const parts = { ...log.parts, failing } as AutomationParts;
  const [poisoned, good] = [await begin(), await begin()];
  // what waits to be told is made while all is well
  await settle(jobsOf(parts, ['rules']));
  expect(await done(poisoned)).toEqual(['rules']);
  for (const tenant of [poisoned, good]) {
    log.tenant = tenant;
    await log.append(mention);
  }
  await write(poisoned, `'{' || entities`);
  const jobs = jobsOf(parts, JOBS);

  await settle(jobs);
  expect(await done(poisoned)).toEqual([]);
  expect(toldOf(poisoned)).toEqual([]);
  expect(await done(good)).toEqual(CONSUMERS);
  expect(toldOf(good)).toEqual(['annals.notifications', 'annals.notifications', 'annals.lead-score', 'crm.lead']);
  const aside = failing.list().map(({ job, tenantId }) => [tenantId, job]);
  expect(aside.sort()).toEqual(['relay-notifications', ...CONSUMERS].sort().map((job) => [poisoned, job]));

  now += 2_000;
  await settle(jobs);
  expect(said).toHaveLength(5);
  await write(poisoned, 'substr(entities, 2)');
  now += 5_000;
  await settle(jobs);
  expect(await done(poisoned)).toEqual(CONSUMERS);
  await settle(jobs);
  expect(toldOf(poisoned).sort()).toEqual(toldOf(good).sort());
  expect(failing.list()).toEqual([]);
  expect(said).toHaveLength(10);
});
