import type { ActivityEvent, EventEffect } from '#libs/contracts';
import type { EncodedEvent, EventRecord, PreparedEvent, RowsOfBatch } from '../append/types.js';
import { placeEventRow, writeEventRow, type RecordPlace } from './event-columns.js';
import { eventFacts, type EventFacts } from './event-facts.js';
import { postgresMicros, RowWriter } from './row-writer.js';
import { placeTimelineRows, writeTimelineRows } from './timeline-columns.js';

const EVENT_BYTES = 1 << 20;
const TIMELINE_BYTES = 1 << 19;

/**
 * The rows of a batch as PostgreSQL reads them, made as soon as an event is decoded: what stays alive until the transaction is bytes, not
 * objects, and collection has nothing to copy (docs/decisions).
 */
export class EncodedRows implements RowsOfBatch {
  readonly events = new RowWriter(EVENT_BYTES);
  readonly timeline = new RowWriter(TIMELINE_BYTES);

  /** Bytes held, used or not. */
  get capacity(): number {
    return this.events.buffer.length + this.timeline.buffer.length;
  }

  /** Makes room for another batch. Nothing of the one before may still be in use. */
  restart(): void {
    this.events.restart();
    this.timeline.restart();
  }

  /** The record with its rows. `origin.event` has to give an equal event: it is asked in rare cases, instead of keeping the event. */
  add(event: ActivityEvent, place: RecordPlace, origin: EventOrigin): EncodedRecord {
    const facts = eventFacts(event);
    const { events, timeline } = this;
    const eventFrom = events.at;
    writeEventRow(events, facts, place);
    const timelineFrom = timeline.at;
    writeTimelineRows(timeline, facts);
    return new EncodedRecord(facts, origin, this, eventFrom, events.at, timelineFrom, timeline.at);
  }
}

/** Where an event came from. */
export type EventOrigin = Pick<EventRecord, 'offset' | 'raw'> & Pick<PreparedEvent, 'event'>;

/** What of an event waits for its transaction. One object: every collection meanwhile copies it. */
class EncodedRecord implements EventRecord, PreparedEvent, EncodedEvent {
  readonly tenantId: string;
  readonly type: string;
  readonly id: string;
  readonly bucket: number;
  readonly effect: EventEffect | null;
  readonly timelineRows: number;

  constructor(
    facts: EventFacts,
    private readonly origin: EventOrigin,
    readonly rows: EncodedRows,
    readonly eventFrom: number,
    readonly eventTo: number,
    readonly timelineFrom: number,
    readonly timelineTo: number,
  ) {
    this.tenantId = facts.event.tenantId;
    this.type = facts.event.type;
    this.id = facts.id;
    this.bucket = facts.bucket;
    this.effect = facts.event.effect;
    this.timelineRows = facts.entities.length + 1;
  }

  get outcome(): 'event' {
    return 'event';
  }

  get offset(): bigint {
    return this.origin.offset;
  }

  get prepared(): PreparedEvent {
    return this;
  }

  get encoded(): EncodedEvent {
    return this;
  }

  event(): ActivityEvent {
    return this.origin.event();
  }

  raw(): ReturnType<EventRecord['raw']> {
    return this.origin.raw();
  }

  place(position: number, appendedAt: bigint): void {
    placeEventRow(this.rows.events, this.eventFrom, position, postgresMicros(appendedAt));
    placeTimelineRows(this.rows.timeline, this.timelineFrom, this.timelineTo, this.timelineRows, position);
  }
}
