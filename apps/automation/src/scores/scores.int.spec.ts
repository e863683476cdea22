import fc from 'fast-check';
import pg from 'pg';
import { Registry } from 'prom-client';
import { decodeRecord, TenantTypes, type ActivityEvent } from '#libs/contracts';
import { canonicalModel, DEFAULT_MODEL } from '#libs/scores';
import { createLogger } from '#libs/service';
import {
  connectionFor,
  inTenant,
  openDatabase,
  openIngestStore,
  prepareEvent,
  saveModel,
  type Database,
  type IngestStore,
} from '#libs/store';
import { anEvent, freshDatabase, type EventDraft, type FreshDatabase } from '#libs/testing';
import type { AutomationParts } from '../automation-parts.js';
import { scoreFeed } from './score-feed.js';
import { scoringEngine } from './score-leads.js';

interface Published {
  readonly topic: string;
  readonly key: string;
  readonly value: string;
}
interface Message {
  readonly id: string;
  readonly data: { readonly eventType: string; readonly position: number; readonly weightHint: number };
}

let fresh: FreshDatabase;
let owner: pg.Client;
let log: IngestStore;
let database: Database;
let app: Database;
let published: Published[];
let failing: boolean;
let parts: AutomationParts;
let offset = 0n;
let tenants = 0;
let tenant: string;

beforeAll(async () => {
  fresh = await freshDatabase();
  owner = new pg.Client({ connectionString: fresh.url });
  await owner.connect();
  const as = (role: 'automation' | 'app') => openDatabase({ url: connectionFor(fresh.url, role), poolSize: 3, applicationName: 'spec' });
  log = await openIngestStore({ url: connectionFor(fresh.url, 'ingest'), poolSize: 1, applicationName: 'spec' });
  [database, app] = await Promise.all([as('automation'), as('app')]);
  const publish = (topic: string, messages: readonly { key: unknown; value: unknown }[]) => {
    published.push(...messages.map(({ key, value }) => ({ topic, key: key as string, value: value as string })));
    return failing ? Promise.reject(new Error('the brokers did not answer')) : Promise.resolve();
  };
  const logger = createLogger({ app: 'automation', level: 'silent' });
  parts = { database, publisher: { publish }, types: new TenantTypes(), scoreFeedBackfill: false, metrics: new Registry(), logger };
});
afterAll(async () => {
  await Promise.all([owner.end(), log.close(), database.close(), app.close()]);
  await fresh.drop();
});
beforeEach(() => {
  published = [];
  failing = false;
  tenant = `00000000-0000-4000-8000-${String(++tenants).padStart(12, '0')}`;
});

async function append(...drafts: Partial<EventDraft>[]): Promise<void> {
  const events = drafts.map((draft) => anEvent({ tenantId: tenant, ...draft }));
  const raw = () => ({ key: null, value: null, headers: {}, recordTimeMs: 0 });
  const records = events.map((event, i) => ({ offset: offset + BigInt(i), outcome: 'event' as const, prepared: prepareEvent(event), raw }));
  const nextOffset = offset + BigInt(events.length);
  await log.append({
    clusterId: 'c',
    slices: [{ topicId: 't', topic: 'crm.test', partition: 0, fetchOffset: offset, nextOffset, records }],
  });
  offset = nextOffset;
}

/** Runs the engine until it has nothing more to say, and appends what it says as ingest would. */
async function settle(): Promise<void> {
  const engine = scoringEngine(parts);
  for (let said = 0; ; said = published.length) {
    while (await engine.act());
    if (published.length === said) return;
    await append(...published.slice(said).map(asDraft));
  }
}

function decoded({ topic, value }: Published): ActivityEvent {
  const record = { topic, value: Buffer.from(value), headers: { 'content-type': 'application/cloudevents+json' }, timestampMs: Date.now() };
  const outcome = decodeRecord(record, { nowMs: Date.now() });
  if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome));
  return outcome.event;
}
const asDraft = (record: Published): Partial<EventDraft> => {
  const event = decoded(record);
  const { type, source, sourceId: id, entities, actor } = event;
  return { type, source, id, entities, actor, payload: JSON.parse(event.payload) as object };
};
const updates = () =>
  published.map((record) => ({ ...decoded(record), payload: JSON.parse(decoded(record).payload) as Record<string, unknown> }));

const lead = (id = 'l-1') => [{ type: 'lead', id }];
const visit = (days: number, more: Partial<EventDraft> = {}): Partial<EventDraft> => ({
  type: 'order.placed',
  entities: [{ type: 'order', id: 'o-1' }, ...lead()],
  time: new Date(Date.UTC(2026, 0, 1) + days * 86_400_000).toISOString(),
  ...more,
});
const retract = (id: string): Partial<EventDraft> => ({
  type: 'activity.retracted',
  entities: lead(),
  payload: { targetEventId: id },
});

async function scores(): Promise<Record<string, number>> {
  const { rows } = await owner.query<{ lead_id: string; score: number }>(
    'select lead_id, score from annals_app.lead_scores where tenant_id = $1',
    [tenant],
  );
  return Object.fromEntries(rows.map((row) => [row.lead_id, row.score]));
}

describe('the scoring engine', () => {
  it('answers with previous and new score and band, model and top factors, on the lead and its accounts', async () => {
    await append(visit(0, { entities: [{ type: 'order', id: 'o' }, ...lead(), { type: 'account', id: 'acc-1' }] }), visit(0));
    await settle();
    expect(updates()).toMatchObject([
      {
        type: 'lead.score_updated',
        tenantId: tenant,
        entities: [
          { type: 'lead', id: 'l-1' },
          { type: 'account', id: 'acc-1' },
        ],
        actor: { type: 'system', id: 'scoring-engine' },
        payload: {
          previousScore: 0,
          newScore: 25,
          previousBand: 'cold',
          newBand: 'cold',
          modelVersion: 'v0',
          topFactors: ['order.placed'],
        },
      },
      { entities: lead(), payload: { previousScore: 25, newScore: 50, previousBand: 'cold', newBand: 'warm' } },
    ]);
  });

  it('scores neither machines nor backfills nor itself', async () => {
    const opened = { type: 'email.opened', entities: lead() };
    await append(
      { ...opened, payload: { messageId: 'm', machine: true } },
      { type: 'email.clicked', entities: lead(), payload: { messageId: 'm', url: 'https://example.com', machine: true } },
      visit(0, { ingestMode: 'backfill' }),
      { type: 'lead.score_updated', entities: lead(), payload: { newScore: 90 } },
    );
    await settle();
    expect(published).toEqual([]);
    expect(await scores()).toEqual({});
  });

  it('counts what happens to a contact for the lead it is, also what happened before that was known', async () => {
    const contact = [{ type: 'contact', id: 'c-1' }];
    await append({ type: 'form.submitted', entities: contact, payload: { formName: 'demo' }, time: '2026-01-01T00:00:00Z' });
    await settle();
    expect(await scores()).toEqual({});
    await append({ type: 'lead.added', entities: [...lead(), ...contact] });
    await settle();
    expect(await scores()).toEqual({ 'l-1': 15 });
    await append({
      type: 'form.submitted',
      entities: [...contact, ...lead()],
      payload: { formName: 'demo' },
      time: '2026-01-01T00:00:00Z',
    });
    await settle();
    expect(await scores()).toEqual({ 'l-1': 30 });
  });

  it('takes back what was retracted, also where the retraction came first', async () => {
    await append(retract('never'), visit(0, { id: 'never' }), visit(0, { id: 'a' }), visit(0, { id: 'b' }));
    await settle();
    expect(await scores()).toEqual({ 'l-1': 50 });
    await append(retract('a'));
    await settle();
    expect(await scores()).toEqual({ 'l-1': 25 });
    expect(updates().at(-1)?.payload).toMatchObject({ previousScore: 50, newScore: 25, newBand: 'cold' });
  });

  it('scores by a new model from the lead’s next event on', async () => {
    await append(visit(0));
    await settle();
    const bands = [
      { name: 'low', from: 0 },
      { name: 'high', from: 70 },
    ];
    const model = canonicalModel({ ...DEFAULT_MODEL, weights: { 'order.placed': 35 }, bands }, (name) => name);
    await inTenant(app, tenant, (client) => saveModel(client, tenant, model, 'jane'));
    await settle();
    expect(await scores()).toEqual({ 'l-1': 25 });
    await append(visit(0));
    await settle();
    expect(updates().at(-1)?.payload).toMatchObject({
      previousScore: 25,
      newScore: 70,
      previousBand: 'cold',
      newBand: 'high',
      modelVersion: 'v1',
    });
  });

  it('publishes the same again when it could not note that it had published', async () => {
    await append(visit(0));
    failing = true;
    await expect(scoringEngine(parts).act()).rejects.toThrow('did not answer');
    await append(visit(1), visit(2));
    failing = false;
    await settle();
    const [first, again, ...later] = updates();
    expect(again).toEqual(first);
    expect(later.map(({ payload }) => payload.previousScore)).toEqual([25, 49]);
    // the two that are one to the log
    const { rows } = await owner.query(`select 1 from annals.events where tenant_id = $1 and type = 'lead.score_updated'`, [tenant]);
    expect(rows).toHaveLength(3);
  });

  it('says nothing new when everything is done again from the beginning, in other batches', async () => {
    await append({ type: 'lead.added', entities: [...lead('l-2'), { type: 'contact', id: 'c' }] });
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ does: fc.constantFrom('lead', 'contact', 'retract'), pick: fc.nat(9), days: fc.integer({ min: -90, max: 90 }) }),
          {
            minLength: 1,
            maxLength: 8,
          },
        ),
        async (steps) => {
          const round = published.length + Math.random();
          for (const [index, { does, pick, days }] of steps.entries()) {
            const id = `s-${round}-${index}`;
            if (does === 'retract') await append(retract(`s-${round}-${pick}`));
            else
              await append(
                visit(days, {
                  id,
                  entities: does === 'lead' ? lead() : [{ type: 'contact', id: 'c' }],
                  type: 'form.submitted',
                  payload: { formName: 'f' },
                }),
              );
            if (pick % 2 === 0) await settle();
          }
          await settle();
        },
      ),
      { numRuns: 10 },
    );
    const [said, had] = [updates(), await scores()];
    expect(said.length).toBeGreaterThan(3);
    await owner.query(`delete from annals_app.lead_scores where tenant_id = $1`, [tenant]);
    await owner.query(`update annals.checkpoints set position = 0 where consumer = 'scores' and tenant_id = $1`, [tenant]);
    published = [];
    const engine = scoringEngine(parts);
    while (await engine.act());
    const byId = (all: ReturnType<typeof updates>) =>
      all.map(({ sourceId, payload, occurredAt }) => [sourceId, payload, occurredAt]).sort();
    expect(byId(updates())).toEqual(byId(said));
    expect(await scores()).toEqual(had);
  }, 60_000);
});

describe('the score feed', () => {
  const messages = () => published.map(({ value }) => JSON.parse(value) as Message);

  async function feed(backfill = false): Promise<void> {
    const job = scoreFeed(parts, backfill);
    while (await job.act());
  }

  beforeEach(async () => {
    // what other specs have left
    await feed();
    published = [];
  });

  it('tells in position order what may change a score, and what the model thinks of it', async () => {
    await append(visit(0), { type: 'note.added' }, visit(1, { type: 'email.opened', entities: lead(), payload: { messageId: 'm' } }));
    await append(
      { type: 'email.opened', entities: lead(), payload: { messageId: 'm', machine: true } },
      visit(2, { ingestMode: 'backfill' }),
    );
    await feed();
    expect(published.map(({ topic, key }) => [topic, key])).toEqual([
      ['annals.lead-score', tenant],
      ['annals.lead-score', tenant],
    ]);
    expect(messages().map(({ data }) => [data.position, data.eventType, data.weightHint])).toEqual([
      [1, 'order.placed', 25],
      [3, 'email.opened', 3],
    ]);
    await feed();
    expect(published).toHaveLength(2);
  });

  it('tells of backfilled events where that is asked for', async () => {
    await append(visit(2, { ingestMode: 'backfill' }));
    await feed(true);
    expect(published).toHaveLength(1);
  });

  it('tells again, with the same ids, what may not have arrived', async () => {
    await append(visit(0));
    failing = true;
    await expect(feed()).rejects.toThrow('did not answer');
    failing = false;
    await feed();
    expect(messages()[1]).toEqual(messages()[0]);
  });
});
