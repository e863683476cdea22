import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BusRecord, BusSlice, LaneGroup } from '#libs/bus';
import { decodeRecord, eventDefinition, type ActivityEvent, type DecodeOptions } from '#libs/contracts';
import type { AppendBatch, EncodedRows, EventOrigin, IngestRecord, Slice } from '#libs/store';
import { deadLetterOf, rawOf, undecodableDeadLetter } from './dead-letter-of.js';

export interface Preparation {
  readonly topicPrefix: string;
  readonly decoding: DecodeOptions;
  /** Where the rows go. */
  readonly rows: EncodedRows;
}

/** Some milliseconds of work. */
const RECORDS_A_TURN = 200;

/**
 * Everything that can be done to a group outside the transaction. A bad record becomes a value; nothing throws. Others get their turn between:
 * a transaction under way would wait with its locks held until a whole group is prepared.
 */
export async function prepareGroup(group: LaneGroup, preparation: Preparation): Promise<AppendBatch> {
  const slices: Slice[] = [];
  let records = 0;
  for (const fetched of group.slices) {
    const slice = new SlicePreparation(fetched, preparation);
    for (const record of fetched.records) {
      slice.take(record);
      if (++records % RECORDS_A_TURN === 0) await nextTurn();
    }
    slices.push(slice.whole());
  }
  return { clusterId: group.clusterId, slices };
}

class SlicePreparation {
  private readonly plainTopic: string;
  private readonly records: IngestRecord[] = [];

  constructor(
    private readonly fetched: BusSlice,
    private readonly how: Preparation,
  ) {
    this.plainTopic = fetched.topic.slice(how.topicPrefix.length);
  }

  take(record: BusRecord): void {
    this.records.push(this.read(record));
  }

  whole(): Slice {
    const { topicId, topic, partition, fetchOffset, nextOffset, undecodable } = this.fetched;
    const { records } = this;
    for (const batch of undecodable) records.push({ offset: batch.offset, outcome: 'dead', deadLetter: undecodableDeadLetter(batch) });
    if (undecodable.length > 0) records.sort((a, b) => (a.offset < b.offset ? -1 : 1));
    return { topicId, topic, partition, fetchOffset, nextOffset, records };
  }

  private read(record: BusRecord): IngestRecord {
    const decoded = this.decode(record);
    switch (decoded.outcome) {
      case 'accepted':
        return this.accepted(record, decoded.event);
      case 'tombstone':
        return { offset: record.offset, outcome: 'tombstone' };
      case 'rejected':
        return { offset: record.offset, outcome: 'dead', deadLetter: deadLetterOf(record, decoded) };
    }
  }

  /** What follows from the record alone is decoded again when it is asked for; a tenant's own type may have changed by then. */
  private accepted(record: BusRecord, event: ActivityEvent): IngestRecord {
    const origin = new RecordOrigin(record, eventDefinition(event.type) === undefined ? event : this);
    const { topic, partition } = this.fetched;
    return this.how.rows.add(event, { topic, partition, offset: record.offset }, origin);
  }

  decodeAgain(record: BusRecord): ActivityEvent {
    const decoded = this.decode(record);
    if (decoded.outcome !== 'accepted') throw new Error('a record that was accepted is refused when decoded again');
    return decoded.event;
  }

  private decode({ value, headers, timestampMs }: BusRecord): ReturnType<typeof decodeRecord> {
    return decodeRecord({ topic: this.plainTopic, value, headers, timestampMs }, this.how.decoding);
  }
}

class RecordOrigin implements EventOrigin {
  constructor(
    private readonly record: BusRecord,
    private readonly decoded: SlicePreparation | ActivityEvent,
  ) {}

  get offset(): bigint {
    return this.record.offset;
  }

  event(): ActivityEvent {
    return this.decoded instanceof SlicePreparation ? this.decoded.decodeAgain(this.record) : this.decoded;
  }

  raw(): ReturnType<typeof rawOf> {
    return rawOf(this.record);
  }
}
