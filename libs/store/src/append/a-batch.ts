import type { ActivityEvent } from '#libs/contracts';
import { prepareEvent } from '../prepare/prepare-event.js';
import type { AppendBatch, IngestRecord, Slice } from './types.js';

/** Batches for specs: what a fetch of one partition would bring. */
export interface Placing {
  readonly topicId: string;
  readonly topic: string;
  readonly partition: number;
  /** Where the fetch begins; 0. */
  readonly from: number;
}

export function aSlice(records: readonly (ActivityEvent | IngestRecord)[], placing: Partial<Placing> = {}): Slice {
  const { topicId = 'topic-1', topic = 'crm.test', partition = 0, from = 0 } = placing;
  const fetchOffset = BigInt(from);
  return {
    topicId,
    topic,
    partition,
    fetchOffset,
    nextOffset: fetchOffset + BigInt(records.length),
    records: records.map((record, index) => {
      const offset = fetchOffset + BigInt(index);
      return 'outcome' in record ? { ...record, offset } : aRecord(record, offset);
    }),
  };
}

export function aRecord(event: ActivityEvent, offset = 0n): IngestRecord {
  const raw = { key: Buffer.from('key'), value: Buffer.from('raw value'), headers: { a: 'aGk=' }, recordTimeMs: 1_767_623_400_000 };
  return { offset, outcome: 'event', prepared: prepareEvent(event), raw: () => raw };
}

export const aBatch = (...slices: Slice[]): AppendBatch => ({ clusterId: 'cluster-1', slices });
