import { createHash } from 'node:crypto';
import type { Actor, EventPayload, EventType } from '#libs/contracts';
import type { Moment, References, Step } from './step.js';

/** One event of the demo, ready to be put into its envelope. */
export interface StoryEvent {
  readonly tenantId: string;
  readonly source: string;
  /** UUIDv7 in shape: the time in front, the rest from the seed, the arc and the step. Told again, it is the same. */
  readonly id: string;
  readonly type: EventType;
  readonly time: Date;
  readonly entities: References;
  readonly actor: Actor;
  readonly payload: EventPayload<EventType>;
  /** The arc. */
  readonly correlationId: string;
}

/** An arc that is being told: which tenant, which one, and what has been told of it. */
export interface Telling {
  readonly tenantId: string;
  /** Unique among all arcs ever told, by any run. */
  readonly arc: string;
  readonly steps: readonly Step[];
  readonly told: StoryEvent[];
}

/** The subsystem that would have sent the event. */
const SOURCES: Readonly<Record<string, string>> = {
  email: 'email-webhook',
  nurture: 'sequence-engine',
  enrichment: 'enrichment-worker',
  playbook: 'playbook-engine',
  signal: 'signal-engine',
  page: 'analytics',
  form: 'web-forms',
  order: 'storefront',
  reservation: 'reservations',
  ticket: 'tickets',
};

/** Tells the next step of an arc. */
export function tellNext(telling: Telling, time: Date): StoryEvent | undefined {
  const number = telling.told.length;
  const step = telling.steps[number];
  if (step === undefined) return undefined;
  const { type, entities, actor } = step;
  const moment: Moment = { at: time, before: telling.told.map(({ id }) => id) };
  const event: StoryEvent = {
    tenantId: telling.tenantId,
    source: `/demo/${SOURCES[type.split('.')[0] ?? ''] ?? 'crm'}`,
    id: timeOrderedId(time, `${telling.tenantId}/${telling.arc}/${number}`),
    type,
    time,
    entities,
    actor,
    payload: typeof step.payload === 'function' ? step.payload(moment) : step.payload,
    correlationId: telling.arc,
  };
  telling.told.push(event);
  return event;
}

/** RFC 9562 version 7, with a digest of `name` for its random part. */
function timeOrderedId(time: Date, name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes.writeUIntBE(time.getTime(), 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
