import { anEvent, fixedClock, freshDatabase, OTHER_TENANT, TENANT, type FreshDatabase } from '#libs/testing';
import { TestEngine, type ToldEvent } from '../engine.fixture.js';

const clock = fixedClock('2026-01-05T10:00:00Z');
let database: FreshDatabase;
let engine: TestEngine;

beforeEach(async () => {
  database = await freshDatabase();
  engine = await TestEngine.open(database.url, clock);
});
afterEach(async () => {
  await engine?.close();
  await database?.drop();
});

const LEAD = { type: 'lead', id: 'lead-1' };
const CONTACT = { type: 'contact', id: 'contact-1' };
const ACCOUNT = { type: 'account', id: 'acc-1' };
const WELCOME = {
  id: 'welcome',
  name: 'Welcome',
  enrollOn: [{ on: ['lead.added'] }],
  steps: [
    { id: 'call', channel: 'call', delay: { days: 1 } },
    { id: 'task', channel: 'task', delay: { days: 2 } },
  ],
  pauseOn: [{ name: 'meeting booked', on: ['meeting.logged'] }],
  resumeOn: [{ name: 'back', on: ['note.added'], if: { field: 'payload.text', op: 'eq', value: 'go on' } }],
};

const of = (told: readonly ToldEvent[], lead = 'lead/lead-1') =>
  told
    .filter(({ subject }) => subject === lead)
    .map(({ type, data: { payload } }) => [type, payload['stepId'] ?? payload['reason'] ?? null]);
const happens = async (...events: Parameters<typeof anEvent>[0][]) => {
  await engine.append(events.map((event) => anEvent(event)));
  await engine.follow();
};
const added = (entities = [LEAD, CONTACT, ACCOUNT], more = {}) => ({ type: 'lead.added', entities, payload: { source: 'web' }, ...more });

it('a lead that is added walks through the sequence, each step once and in its time', async () => {
  await engine.saveSequence(TENANT, WELCOME);
  await happens(added());
  expect(await engine.remindAll()).toBe(0);
  clock.advance(86_400_000);
  expect([await engine.remindAll(), await engine.remindAll()]).toEqual([1, 0]);
  clock.advance(2 * 86_400_000);
  expect(await engine.remindAll()).toBe(1);
  clock.advance(30 * 86_400_000);
  expect(await engine.remindAll()).toBe(0);
  const told = await engine.told();
  expect(of(told)).toEqual([
    ['nurture.enrolled', null],
    ['nurture.step_scheduled', 'call'],
    ['nurture.step_executed', 'call'],
    ['nurture.step_scheduled', 'task'],
    ['nurture.step_executed', 'task'],
  ]);
  expect(told[0]?.data.entities).toMatchObject([LEAD, CONTACT, ACCOUNT, { type: 'sequence', id: 'welcome' }]);
});

describe('a lead leaves', () => {
  it.each([
    ['reply', { type: 'email.received', entities: [CONTACT], payload: { messageId: 'm' } }],
    ['conversion', { type: 'deal.won', entities: [{ type: 'deal', id: 'd' }, ACCOUNT], payload: {} }],
    ['conversion', { type: 'lead.status_changed', entities: [LEAD], payload: { fromStatus: 'new', toStatus: 'customer' } }],
    ['disqualification', { type: 'lead.status_changed', entities: [LEAD], payload: { fromStatus: 'new', toStatus: 'disqualified' } }],
  ])('by %s', async (reason, event) => {
    await engine.saveSequence(TENANT, WELCOME);
    await happens(added(), event, event);
    clock.advance(10 * 86_400_000);
    expect(await engine.remindAll()).toBe(0);
    expect(of(await engine.told()).slice(2)).toEqual([['nurture.exited', reason]]);
  });

  it.each([
    [
      'another contact of the account replies',
      { type: 'email.received', entities: [{ type: 'contact', id: 'other' }, ACCOUNT], payload: { messageId: 'm' } },
    ],
    ['the status means something else', { type: 'lead.status_changed', entities: [LEAD], payload: { fromStatus: 'a', toStatus: 'b' } }],
    [
      'the reply is in another tenant',
      { type: 'email.received', tenantId: OTHER_TENANT, entities: [CONTACT], payload: { messageId: 'm' } },
    ],
    [
      'the reply is history brought in later',
      { type: 'email.received', entities: [CONTACT], payload: { messageId: 'm' }, ingestMode: 'backfill' as const },
    ],
  ])('not where %s', async (_, event) => {
    await engine.saveSequence(TENANT, WELCOME);
    await happens(added(), event);
    expect(of(await engine.told())).toHaveLength(2);
  });
});

it('a rule pauses, a rule lets go on, and what became due meanwhile is due now', async () => {
  await engine.saveSequence(TENANT, WELCOME);
  await happens(added(), { type: 'meeting.logged', entities: [LEAD] });
  clock.advance(5 * 86_400_000);
  expect(await engine.remindAll()).toBe(0);
  await happens({ type: 'note.added', entities: [LEAD], payload: { text: 'nothing' } });
  expect(await engine.remindAll()).toBe(0);
  await happens({ type: 'note.added', entities: [LEAD], payload: { text: 'go on' } });
  expect(await engine.remindAll()).toBe(1);
  const told = await engine.told();
  expect(of(told).slice(2, 6)).toEqual([
    ['nurture.paused', 'meeting booked'],
    ['nurture.resumed', null],
    ['nurture.step_scheduled', 'call'],
    ['nurture.step_executed', 'call'],
  ]);
  expect(told.find(({ type }) => type === 'nurture.paused')?.data.payload).toMatchObject({ by: 'rule', ruleId: 'meeting booked' });
});

it('starts with what is appended after it was saved, once a lead, and never by history', async () => {
  await happens(added([{ type: 'lead', id: 'before' }]));
  await engine.saveSequence(TENANT, WELCOME);
  await happens(added(), added([{ type: 'lead', id: 'old' }], { ingestMode: 'backfill' }), added());
  await happens({ type: 'email.received', entities: [LEAD], payload: { messageId: 'm' } }, added());
  expect((await engine.told()).map(({ type, subject }) => [type, subject])).toEqual([
    ['nurture.enrolled', 'lead/lead-1'],
    ['nurture.step_scheduled', 'lead/lead-1'],
    ['nurture.exited', 'lead/lead-1'],
  ]);
});

it('what had been taken back before it came starts nothing', async () => {
  await engine.saveSequence(TENANT, WELCOME);
  await happens({ type: 'activity.retracted', entities: [LEAD], payload: { targetEventId: 'taken-back', reason: 'a mistake' } });
  await happens(added([LEAD, CONTACT, ACCOUNT], { id: 'taken-back' }));
  expect(await engine.told()).toEqual([]);
  await happens(added());
  expect(of(await engine.told())).toHaveLength(2);
});

it('who was enrolled stays on the version of then, who is enrolled now is on the newest', async () => {
  await engine.saveSequence(TENANT, WELCOME);
  await happens(added());
  await engine.saveSequence(TENANT, { ...WELCOME, steps: [{ id: 'only', channel: 'task', delay: {} }] });
  await happens(added([{ type: 'lead', id: 'lead-2' }]));
  await engine.remindAll();
  clock.advance(86_400_000);
  await engine.remindAll();
  const told = await engine.told();
  expect(of(told, 'lead/lead-2')).toContainEqual(['nurture.step_executed', 'only']);
  expect(of(told)).toContainEqual(['nurture.step_executed', 'call']);
});

it('two that follow at once, and one that begins again, tell nothing twice', async () => {
  await engine.saveSequence(TENANT, WELCOME);
  await engine.savePlaybook(TENANT, { id: 'hello', name: 'Hello', on: ['lead.added'], actions: [{ note: { text: 'say hello' } }] });
  await engine.append(Array.from({ length: 40 }, (_, i) => anEvent(added([{ type: 'lead', id: `lead-${i}` }]))));
  await Promise.all([engine.follow(), engine.follow(), engine.follow()]);
  const told = await engine.told();
  expect(told).toHaveLength(40 * 4);
  await engine.database.pool.query("update annals.checkpoints set position = 0 where consumer = 'sequences'");
  await engine.follow();
  expect(await engine.told()).toEqual(told);
});

it('what is about somebody who has been erased is forgotten, and nothing more is sent', async () => {
  await engine.saveSequence(TENANT, WELCOME);
  await happens({ type: 'contact.added', entities: [CONTACT], payload: { email: 'sam@example.com', name: 'Sam Doe' } }, added(), {
    type: 'subject.erased',
    entities: [CONTACT],
  });
  expect((await engine.database.pool.query('select from annals_app.sequence_people')).rowCount).toBe(0);
  expect(of(await engine.told()).at(-1)).toEqual(['nurture.exited', 'manual']);
});

describe('a playbook', () => {
  const play = (actions: readonly object[]) =>
    engine.savePlaybook(TENANT, { id: 'rescue', name: 'Rescue', on: ['form.submitted'], actions });
  const submitted = { type: 'form.submitted', entities: [LEAD, ACCOUNT], payload: { formName: 'pricing' } };
  const outcome = async () => (await engine.told()).find(({ type }) => type === 'playbook.executed')?.data.payload;

  it('does what it says, in turn, and tells that it did', async () => {
    await engine.saveSequence(TENANT, { ...WELCOME, enrollOn: [] });
    await play([{ note: { text: 'Call them.' } }, { tag: { tag: 'hot' } }, { enroll: { sequence: 'welcome' } }]);
    await happens(submitted);
    expect((await engine.told()).map(({ type }) => type)).toEqual([
      'nurture.enrolled',
      'nurture.step_scheduled',
      'note.added',
      'contact.tagged',
      'playbook.executed',
    ]);
    expect(await outcome()).toEqual({ playbookId: 'rescue', playName: 'Rescue', outcome: 'completed' });
  });

  it('has failed where something could not be done, and was skipped where there was nothing to do', async () => {
    await play([{ note: { text: 'Call them.' } }, { enroll: { sequence: 'no-such' } }]);
    await happens(submitted);
    expect(await outcome()).toMatchObject({ outcome: 'failed' });
    await engine.saveSequence(TENANT, WELCOME);
    await play([{ enroll: { sequence: 'welcome' } }]);
    await happens(added(), submitted);
    expect((await engine.told()).at(-1)?.data.payload).toMatchObject({ outcome: 'skipped' });
  });

  it('hears neither history nor what the engine itself has published', async () => {
    await engine.savePlaybook(TENANT, { id: 'loop', name: 'Loop', on: ['note.added'], actions: [{ note: { text: 'again' } }] });
    await happens(
      { type: 'note.added', entities: [LEAD], ingestMode: 'backfill' },
      { type: 'note.added', entities: [LEAD], source: '/producers/sequence-engine' },
    );
    expect(await engine.told()).toEqual([]);
  });
});
