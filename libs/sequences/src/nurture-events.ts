import { buildEvent, type Actor, type EntityRef, type EventInput, type EventRecord, type EventType } from '#libs/contracts';
import type { ByHand, ByRule, Change, Delivery, Enrollment, ExitCause } from './enrollment.js';
import type { Sequence, Step } from './sequence.js';

/** What the engine publishes comes from here, and starts nothing in it. */
export const SEQUENCE_SOURCE = '/producers/sequence-engine';
const ENGINE: Actor = { type: 'system', id: 'sequence-engine' };

type Own<T extends EventType> = Pick<EventInput<T>, 'type' | 'payload'>;

/** Collects what is told about one change of an enrolment. Ids follow from the enrolment: who tells it again tells the same. */
export class Telling {
  private readonly events: EventRecord[] = [];

  constructor(
    private readonly enrollment: Enrollment,
    private readonly sequence: Sequence,
    private readonly nowMs: number,
  ) {}

  change(changes: Partial<Enrollment> = {}): Change {
    return { enrollment: { ...this.enrollment, ...changes, told: this.enrollment.told + this.events.length }, events: this.events };
  }

  enrolled(actor?: Actor): this {
    return this.tell({ type: 'nurture.enrolled', payload: this.named() }, actor);
  }

  scheduled({ id, channel }: Step, dueAt: number): this {
    const payload = { sequenceId: this.sequence.id, stepId: id, channel, scheduledFor: timeOf(dueAt) };
    return this.tell({ type: 'nurture.step_scheduled', payload });
  }

  executed({ id, channel, templateId }: Step, delivery: Delivery): this {
    const step = { sequenceId: this.sequence.id, stepId: id, ...(templateId !== undefined && { templateId }) };
    if (delivery?.status === 'sent') {
      const { messageId, subject, to } = delivery.mail;
      this.tell({ type: 'email.sent', payload: { ...step, messageId, emailSubject: subject, to: [to] } });
    }
    return this.tell({
      type: 'nurture.step_executed',
      payload: { ...step, channel, ...(delivery && { deliveryStatus: delivery.status }) },
    });
  }

  paused(by: ByRule | ByHand): this {
    const how = 'rule' in by ? { by: 'rule' as const, ruleId: by.rule, reason: by.rule } : { by: 'manual' as const, ...reasonOf(by) };
    return this.tell({ type: 'nurture.paused', payload: { ...this.named(), ...how } }, actorOf(by));
  }

  resumed(by: ByRule | ByHand): this {
    return this.tell({ type: 'nurture.resumed', payload: { ...this.named(), by: 'rule' in by ? 'rule' : 'manual' } }, actorOf(by));
  }

  exited(cause: ExitCause): this {
    const isNamed = typeof cause === 'string';
    return this.tell(
      { type: 'nurture.exited', payload: { ...this.named(), reason: isNamed ? cause : 'manual' } },
      isNamed ? ENGINE : cause.actor,
    );
  }

  private named(): { sequenceId: string; sequenceName: string } {
    return { sequenceId: this.sequence.id, sequenceName: this.sequence.name };
  }

  private tell<T extends EventType>(own: Own<T>, actor: Actor = ENGINE): this {
    const { id, tenantId, lead, contact, account, told } = this.enrollment;
    const others: EntityRef[] = [contact, account].filter((ref) => ref !== undefined);
    const event = {
      ...own,
      id: `${id}/${told + this.events.length + 1}`,
      source: SEQUENCE_SOURCE,
      tenantId,
      entities: [lead, ...others, { type: 'sequence', id: this.sequence.id }],
      actor,
      time: timeOf(this.nowMs),
    };
    this.events.push(buildEvent(event as unknown as EventInput<T>));
    return this;
  }
}

const timeOf = (ms: number): string => new Date(ms).toISOString();
const actorOf = (by: ByRule | ByHand): Actor => ('rule' in by ? ENGINE : by.actor);
const reasonOf = ({ reason }: ByHand): { reason?: string } => (reason === undefined ? {} : { reason });
