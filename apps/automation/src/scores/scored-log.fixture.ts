import { Registry } from 'prom-client';
import { decodeRecord, TenantTypes, type ActivityEvent } from '#libs/contracts';
import { createLogger } from '#libs/service';
import { connectionFor, FailingTenants, openDatabase, openIngestStore, prepareEvent, type Database, type IngestStore } from '#libs/store';
import type { AutomationParts } from '../automation-parts.js';
import { scoringEngine } from './score-leads.js';

export interface Published {
  readonly topic: string;
  readonly key: string;
  readonly value: string;
}

/** What a spec says of an event; the rest is that of a draft of `#libs/testing`. */
export interface Draft {
  readonly id?: string;
  readonly source?: string;
  readonly type?: string;
  readonly entities?: ActivityEvent['entities'] | readonly { readonly type: string; readonly id: string; readonly role?: string }[];
  readonly actor?: ActivityEvent['actor'];
  readonly payload?: object;
  readonly time?: string;
  readonly ingestMode?: ActivityEvent['ingestMode'];
}
/** Makes an event of a draft; given, because only specs know `#libs/testing`. */
export type MakeEvent = (draft: Draft & { readonly tenantId: string }) => ActivityEvent;

/** A log on a database of its own, and what automation publishes about it, which never reaches a broker. */
export class ScoredLog {
  published: Published[] = [];
  /** The brokers take everything and never say so. */
  failing = false;
  /** A tenant that no other test has. */
  tenant = '';
  readonly parts: AutomationParts;
  private tenants = 0;
  private offset = 0n;

  private constructor(
    private readonly make: MakeEvent,
    private readonly log: IngestStore,
    database: Database,
    readonly app: Database,
  ) {
    const publish = (topic: string, messages: readonly { key: unknown; value: unknown }[]) => {
      this.published.push(...messages.map(({ key, value }) => ({ topic, key: key as string, value: value as string })));
      return this.failing ? Promise.reject(new Error('the brokers did not answer')) : Promise.resolve();
    };
    const logger = createLogger({ app: 'automation', level: 'silent' });
    const failing = new FailingTenants(logger);
    this.parts = {
      ...{ database, publisher: { publish }, types: new TenantTypes(), failing },
      ...{ scoreFeedBackfill: false, retention: { readDays: 90, days: 365, effectDays: 365 }, metrics: new Registry(), logger },
    };
  }

  static async open(url: string, make: MakeEvent): Promise<ScoredLog> {
    const as = (role: 'automation' | 'app') => openDatabase({ url: connectionFor(url, role), poolSize: 3, applicationName: 'spec' });
    const log = await openIngestStore({ url: connectionFor(url, 'ingest'), poolSize: 1, applicationName: 'spec' });
    return new ScoredLog(make, log, await as('automation'), await as('app'));
  }

  begin(): void {
    this.published = [];
    this.failing = false;
    this.tenant = `00000000-0000-4000-8000-${String(++this.tenants).padStart(12, '0')}`;
  }

  append(...drafts: Draft[]): Promise<void> {
    return this.appendEvents(drafts.map((draft) => this.make({ tenantId: this.tenant, ...draft })));
  }

  async appendEvents(events: readonly ActivityEvent[]): Promise<void> {
    const fetchOffset = this.offset;
    const raw = () => ({ key: null, value: null, headers: {}, recordTimeMs: 0 });
    const records = events.map((event) => ({ offset: this.offset++, outcome: 'event' as const, prepared: prepareEvent(event), raw }));
    const slice = { topicId: 't', topic: 'crm.test', partition: 0, fetchOffset, nextOffset: this.offset, records };
    await this.log.append({ clusterId: 'c', slices: [slice] });
  }

  /** Runs the engine until it has nothing more to say, and appends what it says as ingest would. */
  async settle(): Promise<void> {
    for (let said = 0; ; said = this.published.length) {
      await this.score();
      if (this.published.length === said) return;
      await this.append(...this.published.slice(said).map(asDraft));
    }
  }

  async score(): Promise<void> {
    const engine = scoringEngine(this.parts);
    while (await engine.act());
  }

  /** Forgets everything that follows from the log, does it all again, and returns what is said then. */
  async rebuild() {
    for (const table of ['lead_scores', 'lead_sources', 'lead_contacts'])
      await this.sql(`delete from annals_app.${table} where tenant_id = $1`);
    await this.sql(`update annals.checkpoints set position = 0 where consumer = 'scores' and tenant_id = $1`);
    this.published = [];
    await this.score();
    return this.updates();
  }

  /** What the engine has said, as ingest reads it. */
  updates() {
    return this.published.map(decoded).map((event) => ({ ...event, payload: JSON.parse(event.payload) as Record<string, unknown> }));
  }

  async scores(): Promise<Record<string, number>> {
    const rows = await this.sql<{ lead_id: string; score: number }>(
      'select lead_id, score from annals_app.lead_scores where tenant_id = $1 and score is not null',
    );
    return Object.fromEntries(rows.map((row) => [row.lead_id, row.score]));
  }

  /** As automation; $1 is the tenant. */
  async sql<T extends object>(text: string): Promise<T[]> {
    return (await this.parts.database.pool.query<T & Record<string, unknown>>(text, [this.tenant])).rows;
  }

  async close(): Promise<void> {
    await Promise.all([this.log.close(), this.parts.database.close(), this.app.close()]);
  }
}

function decoded({ topic, value }: Published): ActivityEvent {
  const record = { topic, value: Buffer.from(value), headers: { 'content-type': 'application/cloudevents+json' }, timestampMs: Date.now() };
  const outcome = decodeRecord(record, { nowMs: Date.now() });
  if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome));
  return outcome.event;
}

function asDraft(record: Published): Draft {
  const { type, source, sourceId: id, entities, actor, payload } = decoded(record);
  return { type, source, id, entities, actor, payload: JSON.parse(payload) as object };
}

export const lead = (id = 'l-1') => [{ type: 'lead', id }];

/** An order of the lead, so many days after New Year. */
export const order = (days: number, more: Draft = {}): Draft => ({
  type: 'order.placed',
  entities: [{ type: 'order', id: 'o-1' }, ...lead()],
  time: new Date(Date.UTC(2026, 0, 1) + days * 86_400_000).toISOString(),
  ...more,
});

export const contact = (id: string) => [{ type: 'contact', id }];

/** The lead is this contact. */
export const isContact = (leadId: string, contactId: string): Draft => ({
  type: 'lead.added',
  entities: [...lead(leadId), ...contact(contactId)],
});

export const merge = (from: string, into: string, id = `${from} into ${into}`): Draft => ({
  ...{ id, type: 'contact.merged', entities: [...contact(into), { type: 'contact', id: from, role: 'merged' }] },
  payload: { fromContactId: from, intoContactId: into },
});

export const unmerge = (mergeEventId: string): Draft => ({ type: 'contact.unmerged', entities: contact('c'), payload: { mergeEventId } });

export const retract = (id: string): Draft => ({
  type: 'activity.retracted',
  entities: lead(),
  payload: { targetEventId: id },
});
