import { randomUUID } from 'node:crypto';
import type { EntityRef } from '#libs/contracts';
import type { TriggerEvent } from '#libs/rules';
import { enroll, exit, pause, resume, type Change } from '#libs/sequences';
import type { SlimEvent } from '#libs/store';
import type { InForce, StandingSequence } from './definition-book.js';
import type { Roll } from './roll.js';
import { isPerson } from './told-people.js';

/** An event as conditions look at it. */
export interface HeardEvent extends SlimEvent {
  readonly asked: TriggerEvent;
}

export interface Hearing {
  readonly roll: Roll;
  readonly inForce: InForce;
  readonly nowMs: number;
  readonly heard: (outcome: string) => void;
}

/** What an event does to those who are on their way, and who begins because of it. */
export function hearEvent(event: HeardEvent, { roll, inForce, nowMs, heard }: Hearing): void {
  for (const entry of roll.spokenOf(event.tenantId, event.entities)) {
    const change = changeBy(event.asked, entry.enrollment, entry.standing, nowMs);
    if (change === null) continue;
    heard(change.enrollment.state === 'active' ? 'resumed' : change.enrollment.state);
    roll.apply(entry, change);
  }
  for (const standing of inForce.sequences(event.tenantId, event.position)) {
    if (!standing.enrolls(event.asked)) continue;
    if (enrollWhom(event, standing, { roll, nowMs }) === 'enrolled') heard('enrolled');
  }
}

function changeBy(asked: TriggerEvent, enrollment: Change['enrollment'], standing: StandingSequence, nowMs: number): Change | null {
  const moment = { sequence: standing.sequence, nowMs };
  const reason = standing.exitReason(asked);
  if (reason !== undefined) return exit(enrollment, moment, reason);
  const pausing = standing.pausedBy(asked);
  if (pausing !== undefined) return pause(enrollment, moment, { rule: pausing });
  const resuming = standing.resumedBy(asked);
  return resuming === undefined ? null : resume(enrollment, moment, { rule: resuming });
}

/** Whoever was in a sequence once is not enrolled in it again but by hand: nobody wants the same letters twice. */
export function enrollWhom(
  event: SlimEvent,
  standing: StandingSequence,
  { roll, nowMs }: Pick<Hearing, 'roll' | 'nowMs'>,
): 'enrolled' | 'nobody' | 'already' {
  const { sequence, version } = standing;
  const place = placeOf(event.entities);
  if (place === undefined) return 'nobody';
  if (roll.wasEverEnrolled(event.tenantId, sequence.id, place.lead)) return 'already';
  const who = { id: randomUUID(), tenantId: event.tenantId, version, ...place };
  roll.enroll(enroll(who, { sequence, nowMs }), standing);
  return 'enrolled';
}

/** The lead that an event is about, or the contact, with what else is known of it. */
export function placeOf(entities: readonly EntityRef[]): { lead: EntityRef; contact?: EntityRef; account?: EntityRef } | undefined {
  const first = (type: string) => entities.find((entity) => entity.type === type);
  const lead = first('lead') ?? first('contact');
  if (lead === undefined || !isPerson(lead)) return undefined;
  const contact = lead.type === 'contact' ? undefined : first('contact');
  const account = first('account');
  return { lead: plain(lead), ...(contact && { contact: plain(contact) }), ...(account && { account: plain(account) }) };
}

const plain = ({ type, id }: EntityRef): EntityRef => ({ type, id });
