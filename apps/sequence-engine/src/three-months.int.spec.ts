import { DateTime } from 'luxon';
import { anEvent, fixedClock, freshDatabase, TENANT, type FreshDatabase } from '#libs/testing';
import { TestEngine, type ToldEvent } from './engine.fixture.js';
import type { Mailer } from './mail/mailer.js';
import { sendEmails, type EmailParts } from './steps/send-emails.js';

const DAY = 86_400_000;
const LEADS = 1_000;
const ZONE = 'Europe/Berlin';
const clock = fixedClock('2026-02-02T06:00:00Z');
const letters: string[] = [];
/** Days behind the last step, which most do not get to. */
const DELAYS = [0, 1, 2, 3, 5, 7, 10, 14, 18];
const SEQUENCE = {
  id: 'quarter',
  name: 'A quarter',
  enrollOn: [{ on: ['lead.added'] }],
  hours: { timeZone: ZONE, days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' },
  steps: DELAYS.map((days, i) =>
    i % 3 === 0
      ? { id: `step-${i}`, channel: 'email', delay: { days }, subject: `Letter ${i}`, text: 'Hello {{firstName}}' }
      : { id: `step-${i}`, channel: i % 3 === 1 ? 'task' : 'call', delay: { days, minutes: 90 } },
  ),
};

let database: FreshDatabase;
let engine: TestEngine;
beforeAll(async () => {
  database = await freshDatabase();
  engine = await TestEngine.open(database.url, clock);
});
afterAll(async () => {
  await engine?.close();
  await database?.drop();
});

const mailer: Mailer = {
  send: ({ messageId }) => Promise.resolve(letters.push(messageId) ? 'sent' : 'refused'),
  close: () => undefined,
};
const emails = (): EmailParts => ({
  ...{ ...engine.parts, mailer, atOnce: 100, attempts: 3, random: () => 0.5 },
  letterhead: { from: { address: 'hello@example.com' } },
});
const lead = (n: number) => [{ type: 'lead', id: `lead-${n}` }];

/** What ends the way of every fifth lead, on some day, and why. */
const ENDS = [
  { reason: 'reply', event: { type: 'email.received', payload: { messageId: 'm' } } },
  { reason: 'conversion', event: { type: 'lead.status_changed', payload: { fromStatus: 'new', toStatus: 'converted' } } },
  { reason: 'disqualification', event: { type: 'lead.status_changed', payload: { fromStatus: 'new', toStatus: 'disqualified' } } },
] as const;
const endOf = (n: number) => (n % 5 === 0 ? { ...ENDS[(n / 5) % 3]!, day: 12 + ((n * 7) % 45) } : undefined);

/** Events of a day: a hundred new leads on each of the first ten, and the ends. */
function eventsOf(day: number): ReturnType<typeof anEvent>[] {
  const news = day < 10 ? Array.from({ length: LEADS / 10 }, (_, i) => day * 100 + i) : [];
  const added = news.map((n) =>
    anEvent({ type: 'lead.added', entities: lead(n), payload: { source: 'web', email: `lead-${n}@example.com`, name: `Lead ${n}` } }),
  );
  const ended = Array.from({ length: LEADS / 5 }, (_, i) => i * 5).filter((n) => endOf(n)?.day === day);
  return [...added, ...ended.map((n) => anEvent({ ...endOf(n)!.event, entities: lead(n) }))];
}

/** All that is due now, by two instances at once. */
async function work(): Promise<void> {
  const some = async (): Promise<void> => {
    while ((await sendEmails(emails())) > 0);
    await engine.remindAll();
  };
  // a reminder may be followed by an e-mail that is due at once, and the reverse
  while ((await dueNow()) > 0) await Promise.all([some(), some()]);
}
async function dueNow(): Promise<number> {
  const { rows } = await engine.database.pool.query<{ count: string }>(
    "select count(*) from annals_app.enrollments where state = 'active' and due_at <= $1",
    [new Date(clock())],
  );
  return Number(rows[0]?.count);
}

async function threeMonths(): Promise<void> {
  const begin = clock();
  for (let day = 0; day < 92; day++) {
    const events = eventsOf(day);
    if (events.length > 0) await engine.append(events);
    await engine.follow();
    // the clock goes on by three hours, nights too; one afternoon the engine is down, and comes back at night
    for (let turn = 1; turn <= 8; turn++) {
      const isDown = day === 30 && turn > 2 && turn < 7;
      if (!isDown) await work();
      clock.advance(begin + day * DAY + turn * (DAY / 8) - clock());
    }
  }
}

interface Ran {
  readonly step: string;
  readonly at: number;
}

it('three months of a thousand leads: every step once, in order, in working hours, after its delay, and none after the end', async () => {
  await engine.saveSequence(TENANT, SEQUENCE);
  await threeMonths();
  const byLead = new Map<string, ToldEvent[]>();
  for (const event of await engine.told()) byLead.set(event.subject, [...(byLead.get(event.subject) ?? []), event]);
  expect(byLead.size).toBe(LEADS);
  let finished = 0;
  for (let n = 0; n < LEADS; n++) {
    const told = byLead.get(`lead/lead-${n}`) ?? [];
    const ran = told.flatMap(({ type, time, data: { payload } }): Ran[] =>
      type === 'nurture.step_executed' ? [{ step: String(payload['stepId']), at: Date.parse(time) }] : [],
    );
    expect(ran.map(({ step }) => step)).toEqual(SEQUENCE.steps.slice(0, ran.length).map(({ id }) => id));
    expect(faultsOf(ran, Date.parse(told[0]?.time ?? ''))).toEqual([]);
    const exits = told.filter(({ type }) => type === 'nurture.exited');
    const end = endOf(n);
    if (ran.length === SEQUENCE.steps.length) finished++;
    else expect(exits.map(({ data: { payload } }) => payload['reason'])).toEqual([end?.reason]);
    if (exits.length > 0) expect(told.at(-1)).toBe(exits[0]);
  }
  // four fifths go all the way
  expect(finished).toBeGreaterThanOrEqual(LEADS * 0.8);
  expect(new Set(letters).size).toBe(letters.length);
  const sent = [...byLead.values()].flat().filter(({ type }) => type === 'email.sent');
  expect(sent.map(({ data: { payload } }) => payload['messageId']).sort()).toEqual(letters.sort());
}, 120_000);

function faultsOf(ran: readonly Ran[], begun: number): string[] {
  return ran.flatMap(({ step, at }, i) => {
    const wall = DateTime.fromMillis(at, { zone: ZONE });
    const { delay } = SEQUENCE.steps[i] as { delay: { days: number; minutes?: number } };
    const earliest = (ran[i - 1]?.at ?? begun) + delay.days * DAY + (delay.minutes ?? 0) * 60_000;
    return [
      ...(wall.weekday > 5 || wall.hour < 9 || wall.hour >= 17 ? [`${step} ran at ${wall.toISO()}`] : []),
      ...(at < earliest ? [`${step} ran too early`] : []),
    ];
  });
}
