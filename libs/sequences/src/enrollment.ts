import type { Actor, EntityRef, EventRecord } from '#libs/contracts';
import type { Sequence } from './sequence.js';

export const ENROLLMENT_STATES = ['active', 'paused', 'exited', 'finished'] as const;
export type EnrollmentState = (typeof ENROLLMENT_STATES)[number];

/** Somebody on the way through a version of a sequence. */
export interface Enrollment {
  readonly id: string;
  readonly tenantId: string;
  readonly sequenceId: string;
  readonly version: number;
  /** A lead or a contact. */
  readonly lead: EntityRef;
  readonly contact?: EntityRef;
  readonly account?: EntityRef;
  readonly state: EnrollmentState;
  /** Index of the next step. */
  readonly step: number;
  /** When the next step is due, also while paused. Milliseconds since the Unix epoch. */
  readonly dueAt: number;
  /** Events told so far: the next one's id follows from it. */
  readonly told: number;
}

/** What became of an enrolment, and what is to be published about it, in order. */
export interface Change {
  readonly enrollment: Enrollment;
  readonly events: readonly EventRecord[];
}

export type Enrolling = Pick<Enrollment, 'id' | 'tenantId' | 'version' | 'lead' | 'contact' | 'account'>;

/** A message that left, as `email.sent` tells it. */
export interface SentMail {
  readonly messageId: string;
  readonly subject: string;
  readonly to: string;
}

/** How a step went; reminders need to say nothing. `unknown`: whether the message left cannot be known. */
export type Delivery =
  { readonly status: 'sent'; readonly mail: SentMail } | { readonly status: 'failed' | 'no_address' | 'unknown' } | undefined;

export interface Moment {
  readonly sequence: Sequence;
  readonly nowMs: number;
}

export interface ByRule {
  readonly rule: string;
}
export interface ByHand {
  readonly actor: Actor;
  readonly reason?: string;
}
export type ExitCause = 'conversion' | 'disqualification' | 'reply' | ByHand;
