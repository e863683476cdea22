import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, type SpawnedApp } from '#libs/testing';
import { aTenant, Rig, type Sent } from './rig.js';

const tenant = aTenant();
let rig: Rig;
let query: SpawnedApp;
let folder: string;
let token: string;
const workers: SpawnedApp[] = [];

const worker = async (env: Readonly<Record<string, string>> = {}): Promise<SpawnedApp> => {
  const app = await rig.app('enrichment-worker', {
    ENRICHMENT_DATASET: join(folder, 'companies.json'),
    ENRICHMENT_WEBSITES: 'false',
    ...env,
  });
  workers.push(app);
  return app;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'annals-enrichment-'));
  const companies = { 'larkfield.example.com': { industry: 'Robotics', companySize: '11-50', website: 'https://larkfield.example.com' } };
  await writeFile(join(folder, 'companies.json'), JSON.stringify(companies));
  rig = await Rig.open();
  await rig.ingest();
  [query] = await Promise.all([rig.query(), worker(), worker()]);
  token = await rig.staffToken(tenant);
}, 90_000);
afterAll(async () => {
  await rig?.close();
  await rm(folder, { recursive: true, force: true });
});

function added(type: 'account' | 'contact', id: string, payload: object, own: object = {}): Sent {
  const value = {
    ...{ specversion: '1.0', id: `added-${id}`, source: '/tests', type: `${type}.added`, tenantid: tenant, subject: `${type}/${id}` },
    ...{ time: '2026-01-05T14:00:00Z', actortype: 'system', actorid: 'import' },
    ...own,
    data: { entities: [{ type, id }], payload },
  };
  return { topic: `crm.${type}`, headers: { 'content-type': 'application/cloudevents+json' }, key: tenant, value: JSON.stringify(value) };
}

interface Item {
  readonly type: string;
  readonly summary: string;
  readonly actor: object;
  readonly payload: object;
}
async function found(record: string): Promise<Item[]> {
  const url = `${query.url}/api/v1/timelines/${record}?type=enrichment.completed`;
  return ((await (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json()) as { items: Item[] }).items;
}
const stateOf = async (id: string): Promise<string | undefined> =>
  (await rig.sql<{ state: string }>(`select state from annals_app.enrichment_requests where entities like $1`, [`%"${id}"%`]))[0]?.state;
const untilState = (id: string, state: string) =>
  eventually(async () => (await stateOf(id)) === state, { describe: `${id} is ${state}`, timeoutMs: 15_000 });

describe('whoever is added', () => {
  it('is asked about, and what is found stands on the timeline once, whatever number of workers there is', async () => {
    await rig.publish([
      added('account', 'acc-lark', { domain: 'larkfield.example.com' }),
      added('contact', 'contact-lark', { email: 'sam@larkfield.example.com' }),
    ]);
    await Promise.all([untilState('acc-lark', 'published'), untilState('contact-lark', 'published')]);
    await eventually(async () => (await found('account/acc-lark')).length === 1 && (await found('contact/contact-lark')).length === 1, {
      describe: 'both are shown',
    });
    expect((await found('account/acc-lark'))[0]).toMatchObject({
      summary: 'enrichment completed: company size, industry, website, provider',
      actor: { type: 'agent', id: 'enrichment-agent' },
      payload: { industry: 'Robotics', provider: 'dataset' },
    });
  });

  it('of whom nothing is known, or who was added by a backfill, gets no entry; what cannot be asked about is parked', async () => {
    await rig.publish([
      added('contact', 'contact-unknown', { email: 'kim@unknown.example.com' }),
      added('account', 'acc-poison', { domain: 'http://[::1]:8080/' }),
      added('account', 'acc-old', { domain: 'larkfield.example.com' }, { ingestmode: 'backfill' }),
      added('account', 'acc-after', { domain: 'larkfield.example.com' }),
    ]);
    await Promise.all([untilState('contact-unknown', 'nothing'), untilState('acc-poison', 'parked'), untilState('acc-after', 'published')]);
    expect(await stateOf('acc-old')).toBeUndefined();
  });
});

describe('a worker that ends between finding and publishing', () => {
  it('is followed by one that publishes the very same, once', async () => {
    await Promise.all(workers.map((app) => app.stop()));
    await rig.publish([added('account', 'acc-crash', { domain: 'larkfield.example.com' })]);
    // Kafka is away for this one: it keeps what it finds, and cannot publish
    const stranded = await worker({ KAFKA_BROKERS: '127.0.0.1:9' });
    await untilState('acc-crash', 'found');
    stranded.kill('SIGKILL');
    await stranded.exit;
    await rig.sql(`update annals_app.enrichment_requests set next_at = now() where state = 'found'`);
    await worker();
    await untilState('acc-crash', 'published');
    await eventually(async () => (await found('account/acc-crash')).length === 1, { describe: 'it is shown' });
    await rig.sql(`update annals_app.enrichment_requests set state = 'waiting', next_at = now(), attempts = 0 where state = 'published'`);
    await untilState('acc-crash', 'published');
    expect(await found('account/acc-crash')).toHaveLength(1);
  });
});

it('nothing that the workers log names a person', () => {
  for (const app of workers) for (const word of ['sam@', 'kim@', 'larkfield', 'contact-lark']) expect(app.logs()).not.toContain(word);
});
