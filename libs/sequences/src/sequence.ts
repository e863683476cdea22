/** What starts, ends, pauses or resumes something, as `libs/rules` has read it: canonical types, and a condition it can compile. */
export interface Trigger {
  readonly on: readonly string[];
  readonly if?: unknown;
}

/** Elapsed time: a day is 24 hours, also where clocks change. */
export interface Delay {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
}

/** When steps may run: wall-clock time of an IANA zone. */
export interface WorkingHours {
  readonly timeZone: string;
  /** ISO weekdays, 1 is Monday. */
  readonly days: readonly number[];
  /** `HH:MM`, inclusive. */
  readonly from: string;
  /** `HH:MM`, exclusive; `24:00` is the end of the day. */
  readonly to: string;
}

interface AnyStep {
  /** Unique in the sequence. */
  readonly id: string;
  /** After the step before it ran; of the first, after the enrolment. */
  readonly delay: Delay;
  readonly templateId?: string;
}
export interface EmailStep extends AnyStep {
  readonly channel: 'email';
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
}
/** A reminder: that it is due is all that happens. */
export interface ReminderStep extends AnyStep {
  readonly channel: 'task' | 'call';
  readonly text?: string;
}
export type Step = EmailStep | ReminderStep;
export type Channel = Step['channel'];

export const EXIT_REASONS = ['reply', 'conversion', 'disqualification'] as const;
export interface Exit extends Trigger {
  readonly reason: (typeof EXIT_REASONS)[number];
}
/** A rule that pauses or resumes; its name is told as `ruleId` and `reason`. */
export interface NamedTrigger extends Trigger {
  readonly name: string;
}

export interface Sender {
  readonly name?: string;
  readonly address: string;
}

/** A sequence that has been checked. A version of it never changes. */
export interface Sequence {
  readonly id: string;
  readonly name: string;
  readonly enrollOn: readonly Trigger[];
  readonly steps: readonly Step[];
  readonly hours?: WorkingHours;
  readonly exitOn: readonly Exit[];
  readonly pauseOn: readonly NamedTrigger[];
  readonly resumeOn: readonly NamedTrigger[];
  /** Absent: the one of the installation. */
  readonly from?: Sender;
}

/** Where a sequence says nothing of its exits. */
export const DEFAULT_EXITS: readonly Exit[] = [
  { reason: 'reply', on: ['email.received'] },
  { reason: 'conversion', on: ['deal.won'] },
  {
    reason: 'conversion',
    on: ['lead.status_changed'],
    if: { field: 'payload.toStatus', op: 'in', value: ['converted', 'Converted', 'customer', 'Customer'] },
  },
  {
    reason: 'disqualification',
    on: ['lead.status_changed'],
    if: { field: 'payload.toStatus', op: 'in', value: ['disqualified', 'Disqualified'] },
  },
];

/** Every type that a sequence has to hear of. */
export function typesOf({ enrollOn, exitOn, pauseOn, resumeOn }: Sequence): string[] {
  return [...new Set([...enrollOn, ...exitOn, ...pauseOn, ...resumeOn].flatMap(({ on }) => on))].sort();
}
