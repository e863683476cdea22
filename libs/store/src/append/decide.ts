import { contentJson } from '#libs/contracts';
import { partitionKey, identityKey, type Head, type Locked } from './lock.js';
import { NumberedEvent, type PlacedDeadLetter } from './numbered.js';
import { contentKey, type StoredContent } from './stored-content.js';
import type { DeadLetter, EventRecord, PreparedEvent, Slice } from './types.js';

/** What one append writes. */
export interface Decision {
  readonly rows: NumberedEvent[];
  readonly deadLetters: PlacedDeadLetter[];
  /** New heads of the tenants that got events. */
  readonly heads: Map<string, Head>;
  /** Tenants whose waiters must look again, also those that only saw a duplicate or conflict. */
  readonly touched: Set<string>;
  /** Where each partition goes on, by `partitionKey`. */
  readonly offsets: Map<string, Slice>;
  duplicates: number;
  conflicts: number;
  skipped: number;
  tombstones: number;
}

export interface Behind {
  readonly topic: string;
  readonly partition: number;
  readonly storedOffset: bigint;
}

/** Partitions that were fetched from beyond what is stored: records between would be lost. Compared with the fetch offset, as offsets have holes. */
export function partitionsBehind(slices: readonly Slice[], locked: Locked): Behind[] {
  const behind: Behind[] = [];
  if (locked.storedOffsets === null) return behind;
  const reached = new Map(locked.storedOffsets);
  for (const { topicId, topic, partition, fetchOffset, nextOffset } of slices) {
    const key = partitionKey(topicId, partition);
    const storedOffset = reached.get(key) ?? missing('an offset row');
    if (fetchOffset > storedOffset) behind.push({ topic, partition, storedOffset });
    else if (nextOffset > storedOffset) reached.set(key, nextOffset);
  }
  return behind;
}

/** Decides, under the locks, what becomes of each record: passed already, new, duplicate, conflict or dead. No I/O. */
export function decide(slices: readonly Slice[], locked: Locked, contents: ReadonlyMap<string, StoredContent>): Decision {
  const decision: Decision = {
    rows: [],
    deadLetters: [],
    heads: new Map(),
    touched: new Set(),
    offsets: new Map(),
    duplicates: 0,
    conflicts: 0,
    skipped: 0,
    tombstones: 0,
  };
  const arrivals = new Arrivals(locked, contents, decision);
  for (const slice of slices) {
    const key = partitionKey(slice.topicId, slice.partition);
    const reached = decision.offsets.get(key)?.nextOffset ?? storedOffset(locked, key);
    for (const record of slice.records) {
      if (reached !== null && record.offset < reached) decision.skipped++;
      else if (record.outcome === 'event') arrivals.take(slice, record);
      else if (record.outcome === 'dead') decision.deadLetters.push(placed(slice, record.offset, record.deadLetter));
      else decision.tombstones++;
    }
    if (reached !== null && slice.nextOffset > reached) decision.offsets.set(key, slice);
  }
  return decision;
}

/** Null: nothing is fenced. */
const storedOffset = ({ storedOffsets }: Locked, key: string): bigint | null =>
  storedOffsets === null ? null : (storedOffsets.get(key) ?? missing('an offset row'));

const placed = (slice: Slice, offset: bigint, letter: DeadLetter): PlacedDeadLetter => ({
  topicId: slice.topicId,
  topic: slice.topic,
  partition: slice.partition,
  offset,
  letter,
});

const CONFLICT = {
  reason: 'conflict',
  schemaPath: '',
  message: 'an event of this source and id, with other content, is in the log already',
} as const;

/** Numbers what is new, tenant by tenant in order of arrival. */
class Arrivals {
  /** By tenant and id. */
  private readonly inBatch = new Map<string, Map<string, PreparedEvent>>();

  constructor(
    private readonly locked: Locked,
    private readonly contents: ReadonlyMap<string, StoredContent>,
    private readonly decision: Decision,
  ) {}

  take(slice: Slice, record: EventRecord): void {
    const { prepared } = record;
    const { tenantId } = prepared;
    const earlier = this.earlier(prepared);
    this.decision.touched.add(tenantId);
    if (earlier === undefined) this.append(slice, record);
    else if (earlier === null || earlier === contentJson(prepared.event())) this.decision.duplicates++;
    else {
      this.decision.conflicts++;
      this.decision.deadLetters.push(placed(slice, record.offset, { ...record.raw(), rejection: CONFLICT, tenantId }));
    }
  }

  /** Content of the event that has this identity; null: erased; undefined: it is free. */
  private earlier({ tenantId, id }: PreparedEvent): StoredContent | undefined {
    const { known } = this.locked;
    const position = known.size === 0 ? undefined : known.get(identityKey(tenantId, id));
    if (position !== undefined) return this.contents.get(contentKey(tenantId, position));
    const twin = this.inBatch.get(tenantId)?.get(id);
    return twin && contentJson(twin.event());
  }

  private append(slice: Slice, record: EventRecord): void {
    const { prepared } = record;
    const { tenantId } = prepared;
    this.keep(tenantId, prepared);
    const { position, appendedAt } = this.nextHead(tenantId);
    this.decision.rows.push(new NumberedEvent(slice, record, position, appendedAt));
  }

  private keep(tenantId: string, prepared: PreparedEvent): void {
    const own = this.inBatch.get(tenantId);
    if (own === undefined) this.inBatch.set(tenantId, new Map([[prepared.id, prepared]]));
    else own.set(prepared.id, prepared);
  }

  private nextHead(tenantId: string): Head {
    const stored = this.locked.heads.get(tenantId) ?? missing('a head row');
    const { position, appendedAt } = this.decision.heads.get(tenantId) ?? stored;
    const { clock } = this.locked;
    const head = { position: position + 1, appendedAt: clock > appendedAt ? clock : appendedAt };
    this.decision.heads.set(tenantId, head);
    return head;
  }
}

function missing(what: string): never {
  throw new Error(`${what} is gone: the database was exchanged, or somebody deleted it; the next attempt makes it anew`);
}
