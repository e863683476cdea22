import type { BusRecord, BusSlice, LaneGroup } from '#libs/bus';
import { decodeRecord, type DecodeOptions } from '#libs/contracts';
import { prepareEvent, type AppendBatch, type IngestRecord, type Slice } from '#libs/store';
import { deadLetterOf, rawOf, undecodableDeadLetter } from './dead-letter-of.js';

/** Everything that can be done to a group outside the transaction. A bad record becomes a value; nothing throws. */
export function prepareGroup(group: LaneGroup, topicPrefix: string, options: DecodeOptions): AppendBatch {
  return { clusterId: group.clusterId, slices: group.slices.map((slice) => prepareSlice(slice, topicPrefix.length, options)) };
}

function prepareSlice(slice: BusSlice, prefixLength: number, options: DecodeOptions): Slice {
  const { topicId, topic, partition, fetchOffset, nextOffset, undecodable } = slice;
  const plainTopic = topic.slice(prefixLength);
  const records = slice.records.map((record) => prepareRecord(plainTopic, record, options));
  for (const batch of undecodable) records.push({ offset: batch.offset, outcome: 'dead', deadLetter: undecodableDeadLetter(batch) });
  if (undecodable.length > 0) records.sort((a, b) => (a.offset < b.offset ? -1 : 1));
  return { topicId, topic, partition, fetchOffset, nextOffset, records };
}

function prepareRecord(topic: string, record: BusRecord, options: DecodeOptions): IngestRecord {
  const { offset, value, headers, timestampMs } = record;
  const decoded = decodeRecord({ topic, value, headers, timestampMs }, options);
  switch (decoded.outcome) {
    case 'accepted':
      return { offset, outcome: 'event', prepared: prepareEvent(decoded.event), raw: () => rawOf(record) };
    case 'tombstone':
      return { offset, outcome: 'tombstone' };
    case 'rejected':
      return { offset, outcome: 'dead', deadLetter: deadLetterOf(record, decoded) };
  }
}
