import { randomUUID } from 'node:crypto';
import type { ActivityEvent } from '#libs/contracts';
import type { LogEntry } from '#libs/timelines';
import { openIngestStore } from '../../append/open-ingest-store.js';
import type { IngestRecord, IngestStore } from '../../append/types.js';
import { connectionFor } from '../../connect/connection-for.js';
import { prepareEvent } from '../../prepare/prepare-event.js';

/** What specs of reads read: events appended by the real append, and the same log in memory for a fold to compare with. */
export class WrittenLog {
  private readonly entries = new Map<string, LogEntry[]>();
  private readonly topicId = randomUUID();
  private nextOffset = 0n;

  private constructor(private readonly store: IngestStore) {}

  static async open(databaseUrl: string): Promise<WrittenLog> {
    return new WrittenLog(
      await openIngestStore({ url: connectionFor(databaseUrl, 'ingest'), poolSize: 1, applicationName: 'spec of reads' }),
    );
  }

  /** One append; each event takes its tenant's next position. */
  async append(events: readonly ActivityEvent[]): Promise<void> {
    if (events.length === 0) return;
    const fetchOffset = this.nextOffset;
    const records = events.map((event) => this.record(event));
    const slice = { topicId: this.topicId, topic: 'spec', partition: 0, fetchOffset, nextOffset: this.nextOffset, records };
    const outcome = await this.store.append({ clusterId: 'spec', slices: [slice] });
    if (outcome.outcome !== 'committed' || outcome.appended !== events.length) throw new Error(`not appended: ${outcome.outcome}`);
  }

  /** The tenant's log so far, in position order. */
  of(tenantId: string): readonly LogEntry[] {
    return this.entries.get(tenantId) ?? [];
  }

  close(): Promise<void> {
    return this.store.close();
  }

  private record(event: ActivityEvent): IngestRecord {
    const prepared = prepareEvent(event);
    const log = this.entries.get(event.tenantId) ?? [];
    log.push({ position: BigInt(log.length + 1), id: uuidText(prepared.id), event });
    this.entries.set(event.tenantId, log);
    const raw = () => ({ key: null, value: null, headers: {}, recordTimeMs: 0 });
    return { offset: this.nextOffset++, outcome: 'event', prepared, raw };
  }
}

const uuidText = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
