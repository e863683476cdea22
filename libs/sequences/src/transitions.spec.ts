import { decodeRecord, type EventRecord } from '#libs/contracts';
import fc from 'fast-check';
import type { Change, Enrollment } from './enrollment.js';
import { DEFAULT_EXITS, type Sequence } from './sequence.js';
import { carriedOut, enroll, exit, mayRun, pause, postponed, resume } from './transitions.js';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-01-05T10:00:00Z');
const SEQUENCE: Sequence = {
  ...{ id: 'seq_1', name: 'Welcome', enrollOn: [], exitOn: DEFAULT_EXITS, pauseOn: [], resumeOn: [] },
  steps: [
    { id: 'a', channel: 'email', delay: { hours: 1 }, subject: 's', text: 't', templateId: 'tmpl' },
    { id: 'b', channel: 'task', delay: { hours: 1 } },
    { id: 'c', channel: 'call', delay: { hours: 1 } },
  ],
};
const moment = (nowMs: number, sequence = SEQUENCE) => ({ sequence, nowMs });
const WHO = { id: 'e-1', tenantId: '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11', version: 1, lead: { type: 'lead', id: 'l' } };
const begun = (): Enrollment => enroll(WHO, moment(NOW)).enrollment;
const MAIL = { messageId: 'm@example.com', subject: 's', to: 'sam@example.com' };

interface Told {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly payload: Record<string, unknown> };
}
/** Every event is such that ingest takes it. */
function told({ events }: Pick<Change, 'events'>): Told[] {
  return events.map(({ topic, key, value, headers }: EventRecord) => {
    const wire = { topic, key: Buffer.from(key), value: Buffer.from(value), headers, timestampMs: NOW };
    expect(decodeRecord(wire as unknown as Parameters<typeof decodeRecord>[0], { nowMs: NOW + 1000 * HOUR })).toMatchObject({
      outcome: 'accepted',
    });
    return JSON.parse(value) as Told;
  });
}

it('an enrolment is told with the step that comes first', () => {
  const change = enroll(WHO, moment(NOW), { type: 'human', id: 'jane' });
  expect(change.enrollment).toMatchObject({ state: 'active', step: 0, dueAt: NOW + HOUR, told: 2 });
  expect(told(change)).toMatchObject([
    { id: 'e-1/1', type: 'nurture.enrolled', actorid: 'jane' },
    {
      id: 'e-1/2',
      type: 'nurture.step_scheduled',
      data: { payload: { stepId: 'a', channel: 'email', scheduledFor: '2026-01-05T11:00:00.000Z' } },
    },
  ]);
});

describe('a step that was carried out', () => {
  it('is told with its message and the next step', () => {
    const change = carriedOut(begun(), moment(NOW + HOUR), { status: 'sent', mail: MAIL });
    expect(change.enrollment).toMatchObject({ step: 1, dueAt: NOW + 2 * HOUR, told: 5 });
    expect(told(change).map(({ type }) => type)).toEqual(['email.sent', 'nurture.step_executed', 'nurture.step_scheduled']);
  });
  it('ends the sequence where it was the last', () => {
    const change = carriedOut({ ...begun(), step: 2 }, moment(NOW));
    expect([change.enrollment.state, told(change).map(({ type }) => type)]).toEqual(['finished', ['nurture.step_executed']]);
  });
  it('schedules nothing for who was paused meanwhile, and nothing at all for who has left', () => {
    const paused = carriedOut({ ...begun(), state: 'paused' }, moment(NOW), { status: 'unknown' });
    expect([paused.enrollment.state, paused.enrollment.step, paused.events.length]).toEqual(['paused', 1, 1]);
    const exited = carriedOut({ ...begun(), state: 'exited' }, moment(NOW), { status: 'failed' });
    expect([exited.enrollment.state, exited.enrollment.step, exited.events.length]).toEqual(['exited', 0, 1]);
  });
});

it('what comes late waits for working hours', () => {
  const sequence = { ...SEQUENCE, hours: { timeZone: 'UTC', days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' } };
  const night = Date.parse('2026-01-06T02:00:00Z');
  expect([mayRun(moment(night, sequence)), mayRun(moment(NOW, sequence))]).toEqual([false, true]);
  const change = postponed(begun(), moment(night, sequence));
  expect(change.enrollment.dueAt).toBe(Date.parse('2026-01-06T09:00:00Z'));
  expect(told(change)).toMatchObject([{ type: 'nurture.step_scheduled' }]);
});

it('whatever happens in whatever order, ids are told once each, nothing follows an end, and steps never go back', () => {
  const acts = {
    pause: (e: Enrollment, at: number) => pause(e, moment(at), { rule: 'r' }),
    resume: (e: Enrollment, at: number) => resume(e, moment(at), { actor: { type: 'human', id: 'jane' }, reason: 'why' }),
    exit: (e: Enrollment, at: number) => exit(e, moment(at), 'reply'),
    carryOut: (e: Enrollment, at: number) => (e.state === 'active' ? carriedOut(e, moment(at)) : null),
    postpone: (e: Enrollment, at: number) => (e.state === 'active' ? postponed(e, moment(at)) : null),
  };
  const names = Object.keys(acts) as (keyof typeof acts)[];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...names), { maxLength: 30 }), (order) => {
      let { enrollment, events } = enroll(WHO, moment(NOW));
      const all = [...told({ events })];
      order.forEach((name, i) => {
        const change = acts[name](enrollment, NOW + i * HOUR);
        if (change === null) return;
        expect(['exited', 'finished']).not.toContain(enrollment.state);
        expect(change.enrollment.step).toBeGreaterThanOrEqual(enrollment.step);
        ({ enrollment, events } = change);
        all.push(...told(change));
      });
      expect(all.map(({ id }) => id)).toEqual(all.map((_, i) => `e-1/${i + 1}`));
      expect(enrollment.told).toBe(all.length);
    }),
  );
});
