import { randomUUID } from 'node:crypto';
import type { Actor } from '#libs/contracts';
import { enroll, exit, isAddress, pause, resume, type ByHand, type Change, type Enrollment, type Sequence } from '#libs/sequences';
import {
  insertEnrollments,
  inTenant,
  keepRecords,
  liveEnrollment,
  lockEnrollment,
  readDefinition,
  sequenceDefinitions,
  updateEnrollments,
  type EnrollmentWrite,
  type StoredEnrollment,
  type TenantClient,
} from '#libs/store';
import type { Principal } from '../auth/principal.js';
import { malformed, meaningless, notFound } from '../http/problem-exception.js';
import type { QueryParts } from '../query-parts.js';
import type { EnrollDto } from './enrollment.dto.js';
import { enrollmentAnswer, type EnrollmentAnswer } from './sequence-answers.js';

export interface Enrolled {
  readonly isNew: boolean;
  readonly answer: EnrollmentAnswer;
}

/** Enrols by hand, also somebody who has been through the sequence before. Who is in it now stays as he is. */
export function enrollByHand(parts: QueryParts, principal: Principal, sequenceId: string, wish: EnrollDto): Promise<Enrolled> {
  const { lead, contact, account, address, name } = wish;
  if (address !== undefined && !isAddress(address)) throw malformed('address', 'must be an e-mail address');
  if (contact !== undefined && lead.type === 'contact') throw malformed('contact', 'is for leads');
  const { tenantId } = principal;
  return inTenant(parts.app, tenantId, async (client) => {
    const stored = await readDefinition(client, 'sequences', sequenceId);
    if (stored === null) throw notFound();
    const sequence = JSON.parse(stored.definition) as Sequence;
    const nowMs = Date.now();
    const who = {
      ...{ id: randomUUID(), tenantId, version: stored.version, lead: { type: lead.type, id: lead.id } },
      ...(contact !== undefined && { contact: { type: 'contact', id: contact } }),
      ...(account !== undefined && { account: { type: 'account', id: account } }),
    };
    const change = enroll(who, { sequence, nowMs }, actorOf(principal));
    const reach = { ...(address !== undefined && { address }), ...(name !== undefined && { name }) };
    const written = await insertEnrollments(client, [{ ...writeOf(change.enrollment, sequence), ...reach, enrolledAtMs: nowMs }]);
    if (written.size > 0) {
      await keepRecords(client, change.events);
      return { isNew: true, answer: enrollmentAnswer({ ...change.enrollment, enrolledAt: new Date(nowMs) }, sequence) };
    }
    const live = await liveEnrollment(client, sequenceId, lead);
    // it ended in this moment
    if (live === null) return Promise.reject(meaningless('try-again', 'lead', 'has just left the sequence: try again'));
    return { isNew: false, answer: enrollmentAnswer(live, await sequenceOf(client, live)) };
  });
}

const TRANSITIONS = { pause, resume, exit } as const;
export type TransitionName = keyof typeof TRANSITIONS;
/** States in which there is nothing to do any more. */
const REACHED: Readonly<Record<TransitionName, readonly string[]>> = { pause: ['paused'], resume: ['active'], exit: ['exited'] };

/** By hand. What is so already stays so. 422 where the enrolment is over. */
export function changeByHand(
  parts: QueryParts,
  principal: Principal,
  { id, name, reason }: { readonly id: string; readonly name: TransitionName; readonly reason: string | undefined },
): Promise<EnrollmentAnswer> {
  return inTenant(parts.app, principal.tenantId, async (client) => {
    const enrollment = await lockEnrollment(client, principal.tenantId, id);
    if (enrollment === null) throw notFound();
    const sequence = await sequenceOf(client, enrollment);
    const by: ByHand = { actor: actorOf(principal), ...(reason !== undefined && { reason }) };
    const change = TRANSITIONS[name](enrollment, { sequence, nowMs: Date.now() }, by);
    if (change) await keep(client, change, sequence);
    else if (!REACHED[name].includes(enrollment.state)) throw meaningless('over', 'id', `is over: ${enrollment.state}`);
    return enrollmentAnswer({ ...enrollment, ...change?.enrollment }, sequence);
  });
}

async function keep(client: TenantClient, { enrollment, events }: Change, sequence: Sequence): Promise<void> {
  await updateEnrollments(client, [writeOf(enrollment, sequence)], Date.now(), false);
  await keepRecords(client, events);
}

/** The version that an enrolment was begun with. */
async function sequenceOf(client: TenantClient, enrollment: StoredEnrollment): Promise<Sequence> {
  const [definition] = await sequenceDefinitions(client, [enrollment]);
  return JSON.parse(definition ?? '') as Sequence;
}

function writeOf(enrollment: Enrollment, { steps }: Sequence): EnrollmentWrite {
  const next = steps[Math.min(enrollment.step, steps.length - 1)] as Sequence['steps'][number];
  return { enrollment, channel: next.channel };
}

const actorOf = ({ kind, userId }: Principal): Actor => ({ type: kind === 'user' ? 'human' : 'system', id: userId });
