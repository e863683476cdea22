import type { EntityRef } from '#libs/contracts';
import type { EventProducer } from './event-producer.js';
import { NotPublished, type NotPublishedReason } from './failures.js';
import { makeRecord, type MadeRecord, type Origin } from './make-record.js';

/** A published event as a test looks at it. */
export interface RecordedEvent extends MadeRecord {
  readonly tenantId: string;
  /** Primary first. */
  readonly entities: readonly EntityRef[];
  readonly payload: Readonly<Record<string, unknown>>;
  /** The whole CloudEvent. */
  readonly event: Readonly<Record<string, unknown>>;
}

export interface RecordingProducer extends EventProducer {
  /** What was published, in the order of the calls. */
  readonly events: readonly RecordedEvent[];
  /** From now on every publish fails so, as if Kafka were away; null: works again. */
  failWith(reason: Exclude<NotPublishedReason, 'closed'> | null): void;
}

/** For the tests of a subsystem: checks like the real one, keeps everything in memory, and needs no Kafka. */
export function recordingProducer(origin: Origin): RecordingProducer {
  const events: RecordedEvent[] = [];
  let failing: NotPublishedReason | null = null;
  let isClosed = false;
  const send = (type: string, draft: Parameters<typeof makeRecord>[2]) => {
    const record = makeRecord(origin, type, draft, Date.now());
    const reason = isClosed ? 'closed' : failing;
    if (reason !== null)
      throw new NotPublished(reason, isClosed ? 'the producer is closed' : 'Kafka was said to be away', record.id, false);
    events.push(recorded(record));
    return { id: record.id };
  };
  const settled = (type: string, draft: Parameters<typeof makeRecord>[2]) => new Promise<{ id: string }>((done) => done(send(type, draft)));
  return {
    events,
    publish: settled,
    publishCustom: settled,
    room: () => Promise.resolve(),
    flush: () => Promise.resolve(),
    close: () => {
      isClosed = true;
      return Promise.resolve();
    },
    failWith: (reason) => void (failing = reason),
  };
}

function recorded(record: MadeRecord): RecordedEvent {
  const event = JSON.parse(record.value) as RecordedEvent['event'] & { data: Pick<RecordedEvent, 'entities' | 'payload'> };
  return { ...record, tenantId: record.key, entities: event.data.entities, payload: event.data.payload, event };
}
