import type { Actor } from '#libs/contracts';
import { dueAt, isWithinHours, withinHours } from './due-at.js';
import type { ByHand, ByRule, Change, Delivery, Enrolling, Enrollment, ExitCause, Moment } from './enrollment.js';
import { Telling } from './nurture-events.js';
import type { Step } from './sequence.js';

export function enroll(who: Enrolling, { sequence, nowMs }: Moment, actor?: Actor): Change {
  const first = sequence.steps[0] as Step;
  const enrollment: Enrollment = {
    ...{ ...who, sequenceId: sequence.id, state: 'active', step: 0, told: 0 },
    dueAt: dueAt(nowMs, first.delay, sequence.hours),
  };
  return new Telling(enrollment, sequence, nowMs).enrolled(actor).scheduled(first, enrollment.dueAt).change();
}

/**
 * The step that is due has been carried out. Who left meanwhile is told of it and goes no further; who was paused meanwhile waits at the
 * next step.
 */
export function carriedOut(enrollment: Enrollment, { sequence, nowMs }: Moment, delivery?: Delivery): Change {
  const step = sequence.steps[enrollment.step] as Step;
  const telling = new Telling(enrollment, sequence, nowMs).executed(step, delivery);
  if (enrollment.state === 'exited' || enrollment.state === 'finished') return telling.change();
  const next = sequence.steps[enrollment.step + 1];
  if (next === undefined) return telling.change({ state: 'finished', step: enrollment.step + 1 });
  const due = dueAt(nowMs, next.delay, sequence.hours);
  if (enrollment.state === 'active') telling.scheduled(next, due);
  return telling.change({ step: enrollment.step + 1, dueAt: due });
}

/** Whether a step may run now: one that comes late must not run at night. */
export function mayRun({ sequence, nowMs }: Moment): boolean {
  return isWithinHours(nowMs, sequence.hours);
}

/** The step that is due waits for working hours. */
export function postponed(enrollment: Enrollment, { sequence, nowMs }: Moment): Change {
  const due = dueAt(nowMs, {}, sequence.hours);
  const step = sequence.steps[enrollment.step] as Step;
  return new Telling(enrollment, sequence, nowMs).scheduled(step, due).change({ dueAt: due });
}

/** Null: nothing changes, it is not active. */
export function pause(enrollment: Enrollment, { sequence, nowMs }: Moment, by: ByRule | ByHand): Change | null {
  if (enrollment.state !== 'active') return null;
  return new Telling(enrollment, sequence, nowMs).paused(by).change({ state: 'paused' });
}

/** What became due meanwhile is due now, in working hours. Null: nothing changes, it is not paused. */
export function resume(enrollment: Enrollment, { sequence, nowMs }: Moment, by: ByRule | ByHand): Change | null {
  if (enrollment.state !== 'paused') return null;
  const telling = new Telling(enrollment, sequence, nowMs).resumed(by);
  const due = sequence.hours ? withinHours(Math.max(nowMs, enrollment.dueAt), sequence.hours) : Math.max(nowMs, enrollment.dueAt);
  telling.scheduled(sequence.steps[enrollment.step] as Step, due);
  return telling.change({ state: 'active', dueAt: due });
}

/** Null: nothing changes, it is over. */
export function exit(enrollment: Enrollment, { sequence, nowMs }: Moment, cause: ExitCause): Change | null {
  if (enrollment.state !== 'active' && enrollment.state !== 'paused') return null;
  return new Telling(enrollment, sequence, nowMs).exited(cause).change({ state: 'exited' });
}
