import type { EntityRef } from '#libs/contracts';
import { escapeHtml, fillTemplate, lineOf, type EmailStep, type Enrollment, type Sender, type Sequence } from '#libs/sequences';
import type { TrackingLinks } from '#libs/tracking';
import { tracked } from './tracked.js';

/** A message as it leaves. */
export interface Message {
  /** Without angle brackets. */
  readonly messageId: string;
  readonly from: Sender;
  readonly to: Sender;
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
}

/** What all messages of an installation have in common. */
export interface Letterhead {
  /** Where a sequence names no sender. */
  readonly from: Sender;
  readonly tracking?: TrackingLinks;
}

export interface Letter {
  readonly enrollment: Enrollment;
  readonly sequence: Sequence;
  readonly step: EmailStep;
  readonly to: Sender;
}

/** The id follows from enrolment and step: whoever makes the message again makes the same. */
export function messageOf({ enrollment, sequence, step, to }: Letter, { from: ours, tracking }: Letterhead): Message {
  const from = sequence.from ?? ours;
  const { id, tenantId, lead, contact, account } = enrollment;
  const messageId = `${id}.${enrollment.step}@${from.address.slice(from.address.lastIndexOf('@') + 1)}`;
  const name = lineOf(to.name);
  const addressee = name === '' ? {} : { name };
  const subject = lineOf(fillTemplate(step.subject, addressee));
  const entities: [EntityRef, ...EntityRef[]] = [lead, ...[contact, account].filter((ref) => ref !== undefined)];
  const html = step.html === undefined ? undefined : fillTemplate(step.html, addressee, escapeHtml);
  return {
    messageId,
    from,
    to: { address: to.address, ...addressee },
    subject,
    ...(step.text !== undefined && { text: fillTemplate(step.text, addressee) }),
    ...(html !== undefined && { html: tracking ? tracked(html, { tenantId, messageId, entities, subject }, tracking) : html }),
  };
}
