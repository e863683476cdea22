import type { EntityRef } from '#libs/contracts';
import type { Channel, Enrollment, EnrollmentState } from '#libs/sequences';

/** An enrolment as it is stored. */
export interface StoredEnrollment extends Enrollment {
  /** Whether the message of its next step may be leaving now. */
  readonly isSending: boolean;
  /** Attempts of its next step that failed. */
  readonly attempts: number;
  readonly enrolledAt: Date;
}

export interface EnrollmentRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly sequence_id: string;
  readonly version: number;
  readonly lead: string;
  readonly contact: string | null;
  readonly account: string | null;
  readonly state: EnrollmentState;
  readonly step: number;
  readonly due_ms: string;
  readonly told: number;
  readonly is_sending: boolean;
  readonly attempts: number;
  readonly enrolled_at: Date;
}

/** Of a table or alias `e`. */
export const ENROLLMENT_COLUMNS = `e.tenant_id, e.id, e.sequence_id, e.version, e.lead, e.contact, e.account, e.state, e.step, e.told, e.attempts,
  e.enrolled_at, (extract(epoch from e.due_at) * 1000)::bigint as due_ms, e.delivery is not null as is_sending`;

export function toEnrollment(row: EnrollmentRow): StoredEnrollment {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    sequenceId: row.sequence_id,
    version: row.version,
    lead: refOf(row.lead),
    ...(row.contact !== null && { contact: refOf(row.contact) }),
    ...(row.account !== null && { account: refOf(row.account) }),
    state: row.state,
    step: row.step,
    dueAt: Number(row.due_ms),
    told: row.told,
    isSending: row.is_sending,
    attempts: row.attempts,
    enrolledAt: row.enrolled_at,
  };
}

export const refText = ({ type, id }: EntityRef): string => `${type}/${id}`;

function refOf(text: string): EntityRef {
  const slash = text.indexOf('/');
  return { type: text.slice(0, slash), id: text.slice(slash + 1) };
}

/** What is written of an enrolment: itself, and the channel of its next step. */
export interface EnrollmentWrite {
  readonly enrollment: Enrollment;
  readonly channel: Channel;
}

export const at = (ms: number): string => new Date(ms).toISOString();
