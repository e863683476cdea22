import { decodeRecord, TenantTypes, type ActivityEvent, type EventRecord } from '#libs/contracts';
import { parseTrigger } from '#libs/rules';
import { parsePlaybook, parseSequence, typesOf, type Sequence } from '#libs/sequences';
import {
  connectionFor,
  FailingTenants,
  inTenant,
  openDatabase,
  openIngestStore,
  prepareEvent,
  saveDefinition,
  takeRecords,
  type Database,
  type IngestStore,
} from '#libs/store';
import type { EngineParts } from './engine-parts.js';
import { DefinitionBook } from './follow/definition-book.js';
import { logFollower } from './follow/follow-log.js';
import { remind } from './steps/remind.js';

/** What an event of the outbox says. */
export interface ToldEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly data: { readonly payload: Readonly<Record<string, unknown>>; readonly entities: readonly { readonly type: string }[] };
}

/** No spec has a tenant that cannot be heard. */
const fail = (details: object): never => {
  throw new Error(JSON.stringify(details));
};

const types = new TenantTypes();
export const readTrigger: Parameters<typeof parseSequence>[1] = (value, pointer) =>
  parseTrigger(value, (name) => types.resolve(name, ''), pointer);

/** The engine on a database of its own, without processes: what its loops do is done when the spec says so. */
export class TestEngine {
  readonly outcomes = new Map<string, number>();
  private offset = 0n;

  private constructor(
    readonly database: Database,
    readonly app: Database,
    private readonly log: IngestStore,
    readonly parts: EngineParts,
  ) {}

  static async open(url: string, now: () => number): Promise<TestEngine> {
    const open = (role: 'sequences' | 'app') => openDatabase({ url: connectionFor(url, role), poolSize: 4, applicationName: 'spec' });
    const [database, app] = await Promise.all([open('sequences'), open('app')]);
    const log = await openIngestStore({ url: connectionFor(url, 'ingest'), poolSize: 1, applicationName: 'spec' });
    const metrics = { stepped: () => undefined, heard: () => undefined };
    const failing = new FailingTenants({ info: () => undefined, warn: fail });
    return new TestEngine(database, app, log, { database, types, book: new DefinitionBook(), failing, now, metrics });
  }

  async close(): Promise<void> {
    await Promise.all([this.log.close(), this.database.close(), this.app.close()]);
  }

  /** Appends events to the log, as ingest would. */
  async append(events: readonly ActivityEvent[]): Promise<void> {
    const offset = this.offset;
    const records = events.map((event, i) => ({
      ...{ offset: offset + BigInt(i), outcome: 'event' as const, prepared: prepareEvent(event) },
      raw: () => ({ key: null, value: null, headers: {}, recordTimeMs: 0 }),
    }));
    this.offset += BigInt(events.length);
    const slice = { topicId: 't', topic: 'crm.test', partition: 0, fetchOffset: offset, nextOffset: this.offset, records };
    await this.log.append({ clusterId: 'c', slices: [slice] });
  }

  async follow(): Promise<void> {
    const job = logFollower(this.parts);
    while (await job.act());
  }

  async remindAll(): Promise<number> {
    let all = 0;
    for (let done = 1; done > 0; all += done) done = await remind(this.parts);
    return all;
  }

  async saveSequence(tenantId: string, definition: object): Promise<Sequence> {
    const parsed = parseSequence(definition, readTrigger);
    if (parsed.outcome === 'refused') throw new Error(JSON.stringify(parsed.faults));
    const { sequence } = parsed;
    await this.save('sequences', tenantId, sequence.id, sequence, typesOf(sequence));
    return sequence;
  }

  async savePlaybook(tenantId: string, definition: object): Promise<void> {
    const parsed = parsePlaybook(definition, readTrigger);
    if (parsed.outcome === 'refused') throw new Error(JSON.stringify(parsed.faults));
    await this.save('playbooks', tenantId, parsed.playbook.id, parsed.playbook, parsed.playbook.on);
  }

  /** Everything that was told, in order, as the log would take it: none of it may be refused. */
  async told(): Promise<ToldEvent[]> {
    const records = await takeRecords(this.database, 1_000_000);
    return records.map(({ record }) => readTold(record));
  }

  private async save(kind: 'sequences' | 'playbooks', tenantId: string, id: string, definition: object, heard: readonly string[]) {
    await inTenant(this.app, tenantId, (client) =>
      saveDefinition(client, kind, {
        ...{ tenantId, id, definition: JSON.stringify(definition), types: heard, by: 'spec' },
        head: () => this.headOf(tenantId),
      }),
    );
  }

  private async headOf(tenantId: string): Promise<bigint> {
    const { rows } = await this.database.pool.query<{ position: string }>('select position from annals.heads where tenant_id = $1', [
      tenantId,
    ]);
    return BigInt(rows[0]?.position ?? 0);
  }
}

function readTold({ topic, headers, value }: EventRecord): ToldEvent {
  const event = JSON.parse(value) as ToldEvent;
  const wire = {
    topic,
    key: null,
    value: Buffer.from(value),
    headers: headers as Record<string, string>,
    timestampMs: Date.parse(event.time),
  };
  const decoded = decodeRecord(wire, { nowMs: Date.parse(event.time) });
  if (decoded.outcome !== 'accepted') throw new Error(`ingest would refuse it: ${JSON.stringify(decoded)}`);
  return event;
}
