import { eventually, type SpawnedApp } from '#libs/testing';
import { TestSmtp } from '../../apps/sequence-engine/src/mail/smtp-server.fixture.js';
import { aTenant, Rig, type Sent } from './rig.js';

const tenant = aTenant();
const engines: SpawnedApp[] = [];
let rig: Rig;
let query: SpawnedApp;
let smtp: TestSmtp;
let token: string;

const engine = async (): Promise<SpawnedApp> => {
  const app = await rig.app('sequence-engine', { SMTP_URL: smtp.url, SEQUENCE_FROM: 'hello@example.com', SEQUENCE_SMTP_CONNECTIONS: '2' });
  engines.push(app);
  return app;
};

beforeAll(async () => {
  [rig, smtp] = await Promise.all([Rig.open(), TestSmtp.start()]);
  await rig.ingest();
  [query] = await Promise.all([rig.query(), engine(), engine()]);
  token = await rig.staffToken(tenant);
}, 90_000);
afterAll(async () => {
  await rig?.close();
  await smtp?.close();
});

const NOW = { delay: {} };
const LETTER = { ...NOW, channel: 'email', subject: 'Hello {{firstName|there}}', text: 'Dear {{name}}' };
const steps = [
  { id: 'letter', ...LETTER },
  { id: 'call', channel: 'call', ...NOW },
  { id: 'second', ...LETTER },
  { id: 'later', channel: 'task', delay: { days: 30 } },
];
const welcome = {
  name: 'Welcome',
  enrollOn: [{ on: ['lead.added'] }],
  steps,
  pauseOn: [{ name: 'meeting booked', on: ['meeting.logged'] }],
};

interface Item {
  readonly type: string;
  readonly summary: string;
  readonly actor: { readonly type: string; readonly id: string };
  readonly payload: Readonly<Record<string, unknown>>;
}
async function api<T>(method: string, path: string, body?: object): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) };
  const response = await fetch(`${query.url}/api/v1/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
/** Oldest first; the engine's own. */
async function timeline(lead: string): Promise<Item[]> {
  const { items } = await api<{ items: Item[] }>('GET', `timelines/lead/${lead}?limit=100`);
  return items.filter(({ type }) => type.startsWith('nurture.') || type === 'email.sent' || type === 'playbook.executed').reverse();
}
const executed = (items: readonly Item[]) =>
  items.filter(({ type }) => type === 'nurture.step_executed').map(({ payload: { stepId, deliveryStatus } }) => [stepId, deliveryStatus]);
const untilTimeline = (lead: string, describe: string, holds: (items: Item[]) => boolean) =>
  eventually(
    async () => {
      const items = await timeline(lead);
      return holds(items) && items;
    },
    { describe: `${lead}: ${describe}`, timeoutMs: 25_000 },
  );

function happened(type: string, lead: string, payload: object, topic: string): Sent {
  const entities = [{ type: 'lead', id: lead }];
  const value = {
    ...{ specversion: '1.0', id: `${type}-${lead}`, source: '/tests', type, tenantid: tenant, subject: `lead/${lead}` },
    ...{ time: new Date().toISOString(), actortype: 'human', actorid: 'jane@example.com', data: { entities, payload } },
  };
  return { topic, headers: { 'content-type': 'application/cloudevents+json' }, key: tenant, value: JSON.stringify(value) };
}
const added = (lead: string): Sent =>
  happened('lead.added', lead, { source: 'web', email: `${lead}@example.com`, name: `Sam ${lead}` }, 'crm.lead');

describe('a lead that is added', () => {
  it('is enrolled, written to and reminded of, and its timeline says so in the words of the catalogue', async () => {
    await api('PUT', 'sequences/welcome', welcome);
    await rig.publish([added('lead-1')]);
    const items = await untilTimeline('lead-1', 'waits for the last step', (all) => all.length === 10);
    expect(items.map(({ type, payload: { stepId } }) => (typeof stepId === 'string' ? `${type} ${stepId}` : type)).sort()).toEqual(
      [
        'nurture.enrolled',
        ...['letter', 'call', 'second', 'later'].map((step) => `nurture.step_scheduled ${step}`),
        ...['letter', 'call', 'second'].map((step) => `nurture.step_executed ${step}`),
        ...['letter', 'second'].map((step) => `email.sent ${step}`),
      ].sort(),
    );
    expect(items[0]).toMatchObject({ summary: 'enrolled in sequence Welcome', actor: { type: 'system', id: 'sequence-engine' } });
    expect(items.map(({ summary }) => summary)).toEqual(
      expect.arrayContaining(['scheduled call step call', 'ran call step call', 'ran email step letter: sent', 'sent email “Hello Sam”']),
    );
    expect(smtp.received.map(({ to }) => to)).toEqual([['lead-1@example.com'], ['lead-1@example.com']]);
    const sent = items.filter(({ type }) => type === 'email.sent').map(({ payload }) => payload['messageId']);
    expect(smtp.received.map(({ messageId }) => messageId)).toEqual(sent);
    const seed = await fetch(`${query.url}/api/crm/activity/by-customer/lead/lead-1?page=1&pageSize=50`, {
      headers: { authorization: `Bearer ${token}`, orgid: tenant },
    });
    const names = ((await seed.json()) as { items: Item[] }).items.map(({ type }) => type);
    expect(names).toEqual(expect.arrayContaining(['nurture_enrolled', 'nurture_step_scheduled', 'nurture_step_executed', 'email_sent']));
  });

  it('leaves when it replies, waits when a rule or a person says so, and goes on by hand', async () => {
    await rig.publish([added('lead-reply'), added('lead-hand'), added('lead-rule')]);
    for (const lead of ['lead-reply', 'lead-hand', 'lead-rule'])
      await untilTimeline(lead, 'is under way', (all) => executed(all).length === 3);
    await rig.publish([
      happened('email.received', 'lead-reply', { messageId: 'm', inReplyTo: 'x' }, 'crm.email'),
      happened('meeting.logged', 'lead-rule', { title: 'Demo' }, 'crm.engagement'),
    ]);
    const left = await untilTimeline('lead-reply', 'has left', (all) => all.some(({ type }) => type === 'nurture.exited'));
    expect(left.at(-1)?.summary).toBe('left sequence Welcome (reply)');
    const paused = await untilTimeline('lead-rule', 'is paused', (all) => all.some(({ type }) => type === 'nurture.paused'));
    expect(paused.at(-1)?.payload).toMatchObject({ by: 'rule', ruleId: 'meeting booked' });
    const { items } = await api<{ items: { id: string; lead: { id: string }; state: string }[] }>('GET', 'sequences/welcome/enrollments');
    const one = items.find(({ lead }) => lead.id === 'lead-hand');
    await api('POST', `enrollments/${one?.id}/pause`, { reason: 'on holiday' });
    await api('POST', `enrollments/${one?.id}/resume`, {});
    const resumed = await untilTimeline('lead-hand', 'goes on', (all) => all.some(({ type }) => type === 'nurture.resumed'));
    expect(resumed.filter(({ type }) => type === 'nurture.paused' || type === 'nurture.resumed')).toMatchObject([
      { summary: 'paused sequence Welcome: on holiday', actor: { type: 'human', id: 'jane@example.com' }, payload: { by: 'manual' } },
      { summary: 'resumed sequence Welcome', actor: { type: 'human', id: 'jane@example.com' } },
    ]);
  });

  it('starts a play that is told once, whatever number of engines there is', async () => {
    const actions = [{ note: { text: 'Look at their site.' } }, { tag: { tag: 'new' } }];
    await api('PUT', 'playbooks/look', { name: 'Look', on: ['form.submitted'], actions });
    await rig.publish([happened('form.submitted', 'lead-form', { formName: 'contact' }, 'crm.web')]);
    const [played] = await untilTimeline('lead-form', 'has been played', (all) => all.length > 0);
    expect(played).toMatchObject({ type: 'playbook.executed', summary: 'ran play Look: completed', actor: { id: 'playbook-engine' } });
    const { items } = await eventually(
      async () => {
        const all = await api<{ items: Item[] }>('GET', 'timelines/lead/lead-form');
        return all.items.length >= 4 && all;
      },
      { describe: 'what it did stands there' },
    );
    expect(items.map(({ type }) => type).sort()).toEqual(['contact.tagged', 'form.submitted', 'note.added', 'playbook.executed']);
  });
});

describe('an engine that is killed in the middle', () => {
  const leads = Array.from({ length: 40 }, (_, i) => `lead-crash-${i}`);

  it('costs no step and no second message: what it was sending is told as unknown', async () => {
    smtp.received.length = 0;
    const killed = engines[0] as SpawnedApp;
    // slow enough that it is always sending
    const kill = new Promise<void>((resolve) => {
      smtp.onMessage = (_, answer) => {
        if (smtp.received.length === 20) {
          killed.kill('SIGKILL');
          resolve();
        }
        answer();
      };
    });
    await rig.publish(leads.map(added));
    await kill;
    await killed.exit;
    await engine();
    const isLeft = async () => {
      // whoever was being written to by it: its lease is over
      await rig.sql(
        `update annals_app.enrollments set not_before = now() where delivery = 'sending' and not_before < now() + interval '4 minutes 50 seconds'`,
      );
      const [row] = await rig.sql<{ left: string }>(
        `select count(*) as left from annals_app.enrollments where lead like 'lead/lead-crash-%' and not (state = 'active' and step = 3)`,
      );
      const [entered] = await rig.sql<{ count: string }>(`select count(*) from annals_app.enrollments where lead like 'lead/lead-crash-%'`);
      return row?.left === '0' && entered?.count === '40';
    };
    await eventually(isLeft, { describe: 'all wait for the last step', timeoutMs: 40_000 });
    for (const lead of leads) {
      const items = await untilTimeline(lead, 'every step is told', (all) => executed(all).length >= 3);
      expect(
        executed(items)
          .map(([step]) => step)
          .sort(),
      ).toEqual(['call', 'letter', 'second']);
      expect(items.filter(({ type }) => type === 'nurture.enrolled')).toHaveLength(1);
    }
    const ids = smtp.received.map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(ids.length);
    const unknown = (await Promise.all(leads.map(timeline))).flatMap(executed).filter(([, status]) => status === 'unknown').length;
    expect(ids.length).toBeGreaterThanOrEqual(80 - unknown);
    expect(unknown).toBeLessThanOrEqual(2);
  }, 90_000);

  it('nothing that the engines log names a person', () => {
    for (const app of engines) for (const word of ['@example.com', 'Sam ', 'lead-crash', 'lead-1']) expect(app.logs()).not.toContain(word);
  });
});
