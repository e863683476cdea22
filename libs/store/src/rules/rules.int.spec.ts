import pg from 'pg';
import { anEvent, freshDatabase, OTHER_TENANT, TENANT, type EventDraft, type FreshDatabase } from '#libs/testing';
import { aBatch, aSlice } from '../append/a-batch.js';
import { openIngestStore } from '../append/open-ingest-store.js';
import type { IngestStore } from '../append/types.js';
import { connectionFor } from '../connect/connection-for.js';
import { inTenant, type TenantClient } from '../connect/in-tenant.js';
import { inTransaction } from '../connect/in-transaction.js';
import { openDatabase, type Database } from '../connect/open-database.js';
import { listNotifications, markAllRead, markNotification, countUnread } from '../notifications/user-notifications.js';
import { checkpointOf } from '../relay/checkpoints.js';
import { closeEffects, pruneEffects } from '../retention/prune-effects.js';
import { pruneNotifications } from '../retention/prune-notifications.js';
import { listEffects } from './list-effects.js';
import { readSpans } from './read-spans.js';
import { rulesInForce } from './rules-in-force.js';
import { createRule, deleteRule, replaceRule, type Saving } from './save-rule.js';
import { listRules, readRule } from './stored-rules.js';
import { keepTagChanges, tagsThen } from './tags.js';
import { endSpans, takeSpans } from './take-spans.js';
import { writeEffects, type Effect } from './write-effects.js';

const CONSUMER = 'rules';
const RULE = '11111111-1111-4111-8111-111111111111';
const TEXT = { definition: '{"name":"r"}', enabled: true };
let database: FreshDatabase;
let ingest: IngestStore;
let automation: Database;
let app: Database;
let offset: number;

beforeEach(async () => {
  database = await freshDatabase();
  ingest = await openIngestStore({ url: connectionFor(database.url, 'ingest'), poolSize: 1, applicationName: 'spec' });
  automation = await openDatabase({ url: connectionFor(database.url, 'automation'), poolSize: 3, applicationName: 'spec' });
  app = await openDatabase({ url: connectionFor(database.url, 'app'), poolSize: 3, applicationName: 'spec' });
  offset = 0;
});
afterEach(async () => {
  await Promise.all([ingest.close(), automation.close(), app.close()]);
  await database.drop();
});

async function append(...drafts: Partial<EventDraft>[]): Promise<void> {
  await ingest.append(
    aBatch(
      aSlice(
        drafts.map((draft) => anEvent(draft)),
        { from: offset },
      ),
    ),
  );
  offset += drafts.length;
}
const asAutomation = <T>(work: (client: TenantClient) => Promise<T>): Promise<T> => inTransaction(automation, work);
const asApp = <T>(work: (client: TenantClient) => Promise<T>, tenantId = TENANT): Promise<T> => inTenant(app, tenantId, work);
const at = (minute: number): string => new Date(Date.UTC(2026, 0, 15, 9, minute)).toISOString();
const micros = (minute: number): bigint => BigInt(Date.parse(at(minute))) * 1000n;

describe('what a follower takes', () => {
  it('is an equal share of every lagging tenant, and ends where the follower has been', async () => {
    await append({}, {}, {}, { tenantId: OTHER_TENANT });
    const spans = await asAutomation((client) => takeSpans(client, CONSUMER, 4));
    expect(spans).toEqual([
      { tenantId: TENANT, after: 0n, upto: 2n, began: 0n },
      { tenantId: OTHER_TENANT, after: 0n, upto: 1n, began: 0n },
    ]);
    await asAutomation((client) => endSpans(client, CONSUMER, spans));
    await asAutomation((client) => endSpans(client, CONSUMER, [{ tenantId: TENANT, after: 0n, upto: 1n }]));
    expect(await asAutomation((client) => takeSpans(client, CONSUMER, 4))).toEqual([{ tenantId: TENANT, after: 2n, upto: 3n, began: 0n }]);
    expect(await asAutomation((client) => checkpointOf(client, CONSUMER, OTHER_TENANT))).toBe(1n);
  });

  it('holds the events of the wanted types, their payloads where they are wanted', async () => {
    await append(
      { type: 'email.opened', payload: { messageId: 'm' } },
      {},
      { type: 'email.sent' },
      { type: 'email.opened', tenantId: OTHER_TENANT },
    );
    const wanted = { types: ['email.opened', 'email.sent'], withPayload: ['email.opened'] };
    const { events, spans } = await asAutomation(async (client) => readSpans(client, await takeSpans(client, CONSUMER, 100), wanted));
    expect(events.map(({ tenantId, position, type, payload }) => [tenantId, position, type, payload?.['messageId']])).toEqual([
      [TENANT, 1n, 'email.opened', 'm'],
      [TENANT, 3n, 'email.sent', undefined],
      [OTHER_TENANT, 1n, 'email.opened', 'msg_abc123'],
    ]);
    expect(spans.map(({ upto }) => upto)).toEqual([3n, 1n]);
  });

  it('says of an event whether it was retracted before it came', async () => {
    await append(
      { type: 'activity.retracted', payload: { targetEventId: 'early' } },
      { id: 'early' },
      { id: 'then' },
      { type: 'activity.retracted', payload: { targetEventId: 'then' } },
    );
    const span = { tenantId: TENANT, after: 0n, upto: 4n };
    const { events } = await asAutomation((client) => readSpans(client, [span], { types: ['note.added'], withPayload: [] }));
    expect(events.map(({ position, takenBack }) => [position, takenBack])).toEqual([
      [2n, true],
      [3n, false],
    ]);
  });

  it('ends earlier where payloads are large, and goes on there', async () => {
    const text = 'x'.repeat(19_000);
    await append(...Array.from({ length: 450 }, () => ({ payload: { text, more: text } })), { tenantId: OTHER_TENANT });
    const seen: string[] = [];
    let rounds = 0;
    for (let more = true; more; rounds++) {
      more = await asAutomation(async (client) => {
        const taken = await takeSpans(client, CONSUMER, 10_000);
        if (taken.length === 0) return false;
        const { events, spans } = await readSpans(client, taken, { types: ['note.added'], withPayload: ['note.added'] });
        seen.push(...events.map(({ tenantId, position }) => `${tenantId} ${position}`));
        await endSpans(client, CONSUMER, spans);
        return true;
      });
    }
    expect(seen).toEqual([...Array.from({ length: 450 }, (_, i) => `${TENANT} ${i + 1}`), `${OTHER_TENANT} 1`]);
    expect(rounds).toBeGreaterThan(2);
  });
});

describe('tags as they were when an event happened', () => {
  const contact = { type: 'contact', id: 'c' };
  const change = (position: number, minute: number, tag: string, added = true) => ({
    ...{ tenantId: TENANT, entity: contact, position: BigInt(position), occurredAt: micros(minute) },
    ...{ tag, added },
  });
  const tags = async (position: number, minute: number, entity = contact, tenantId = TENANT): Promise<string[]> => {
    const [found] = await asAutomation((client) =>
      tagsThen(client, [{ tenantId, entity, position: BigInt(position), occurredAt: micros(minute) }]),
    );
    return (found ?? []).sort();
  };

  it('count what happened no later and stood before, the last of each tag', async () => {
    await asAutomation((client) =>
      keepTagChanges(client, [change(1, 10, 'vip'), change(2, 20, 'warm'), change(3, 30, 'vip', false), change(9, 5, 'late')]),
    );
    expect(await tags(5, 9)).toEqual([]);
    expect(await tags(5, 10)).toEqual(['vip']);
    expect(await tags(5, 29)).toEqual(['vip', 'warm']);
    expect(await tags(5, 30)).toEqual(['warm']);
    // given later, though it happened earlier: only for what stands behind it
    expect(await tags(10, 30)).toEqual(['late', 'warm']);
    expect(await tags(1, 60)).toEqual([]);
    expect([await tags(10, 60, { type: 'lead', id: 'c' }), await tags(10, 60, contact, OTHER_TENANT)]).toEqual([[], []]);
  });

  it('of two that happened at once take the one that was appended last', async () => {
    await asAutomation((client) => keepTagChanges(client, [change(1, 10, 'vip'), change(2, 10, 'vip', false), change(3, 10, 'vip')]));
    expect([await tags(3, 10), await tags(4, 10)]).toEqual([[], ['vip']]);
  });

  it('are the same where a record has very many of them', async () => {
    const changes = Array.from({ length: 1_500 }, (_, i) => change(i + 1, i % 40, i % 3 === 0 ? 'vip' : 'warm', i % 7 < 4));
    await asAutomation((client) => keepTagChanges(client, changes));
    const few = { ...contact, id: 'few' };
    await asAutomation((client) =>
      keepTagChanges(
        client,
        changes.slice(0, 900).map((one) => ({ ...one, entity: few })),
      ),
    );
    for (const [position, minute] of [
      [900, 39],
      [450, 20],
      [12, 3],
    ] as const)
      expect(await tags(position, minute)).toEqual(await tags(position, minute, few));
  });

  it('are kept once, however often they are read', async () => {
    for (const _again of [1, 2]) await asAutomation((client) => keepTagChanges(client, [change(1, 10, 'vip')]));
    const { rowCount } = await automation.pool.query('select from annals_app.tag_changes');
    expect(rowCount).toBe(1);
  });

  it('leave out what had been retracted before the event, and only then', async () => {
    await append(
      { id: 'tagging', type: 'contact.tagged', entities: [contact], payload: { tag: 'vip' }, time: at(1) },
      { entities: [contact] },
      { type: 'activity.retracted', entities: [contact], payload: { targetEventId: 'tagging' } },
      { entities: [contact] },
    );
    await asAutomation((client) => keepTagChanges(client, [change(1, 1, 'vip')]));
    expect([await tags(2, 60), await tags(4, 60)]).toEqual([['vip'], []]);
  });

  it('of contacts merged before the event read as one', async () => {
    const other = { type: 'contact', id: 'old' };
    await append(
      { entities: [contact] },
      {
        id: 'merge',
        type: 'contact.merged',
        entities: [contact, { ...other, role: 'merged' }],
        payload: { fromContactId: 'old', intoContactId: 'c' },
      },
      { entities: [contact] },
      { type: 'contact.unmerged', entities: [contact], payload: { mergeEventId: 'merge' } },
      { entities: [contact] },
    );
    await asAutomation((client) => keepTagChanges(client, [{ ...change(0, 1, 'vip'), entity: other }]));
    expect([await tags(2, 60), await tags(3, 60), await tags(5, 60)]).toEqual([[], ['vip'], []]);
  });
});

describe('the ledger', () => {
  const effect = (changes: Partial<Effect> = {}): Effect => ({
    ...{ tenantId: TENANT, ruleId: RULE, ruleVersion: 1, eventId: '01a1f85f-7403-8777-9e10-d2266caccfb9', position: 1n },
    ...{ recipient: 'jane', outcome: 'fired', reason: 'vip opened' },
    ...changes,
  });
  const told = async (): Promise<string[]> =>
    (await asApp((client) => listNotifications(client, { recipient: 'jane', limit: 10, unreadOnly: false }))).map(({ reason }) => reason);

  it('fires once for each version, event and recipient, whatever is written again', async () => {
    await append({});
    const effects = [effect(), effect({ ruleVersion: 2 }), effect({ recipient: 'ben' }), effect()];
    for (const _again of [1, 2, 3]) await asAutomation((client) => writeEffects(client, effects));
    await asAutomation((client) => writeEffects(client, [effect({ outcome: 'too old' })]));
    expect(await told()).toEqual(['vip opened', 'vip opened']);
    const { rows } = await automation.pool.query(
      'select count(*)::int as effects, (select count(*)::int from annals_app.notifications) as told from annals_app.effects',
    );
    expect(rows).toEqual([{ effects: 3, told: 3 }]);
  });

  it('keeps what was held, and tells nobody', async () => {
    await append({});
    await asAutomation((client) =>
      writeEffects(client, [effect({ outcome: 'held: backfill' }), effect({ ruleVersion: 2, outcome: 'too old' })]),
    );
    expect(await told()).toEqual([]);
  });

  it('takes nothing from behind the horizon, and closes no more than has been evaluated', async () => {
    await append({}, {}, {});
    await asAutomation((client) => endSpans(client, CONSUMER, [{ tenantId: TENANT, after: 0n, upto: 2n }]));
    const three = [1n, 2n, 3n].map((position) =>
      effect({ ruleId: 'mention', position, eventId: `01a1f85f-7403-8777-9e10-00000000000${position}` }),
    );
    await asAutomation((client) => writeEffects(client, three));
    await closeEffects(automation, 1);
    expect(await pruneEffects(automation, 10)).toBe(0);
    await closeEffects(automation, 0);
    expect([await pruneEffects(automation, 1), await pruneEffects(automation, 10), await pruneEffects(automation, 10)]).toEqual([1, 1, 0]);
    expect(await pruneNotifications(automation, { days: 0, readDays: 0 }, 10)).toBe(0);
    await automation.pool.query('update annals_app.notifications set relayed_at = now()');
    expect(await pruneNotifications(automation, { days: 1, readDays: 0 }, 10)).toBe(0);
    expect(await pruneNotifications(automation, { days: 0, readDays: 1 }, 10)).toBe(3);
    await asAutomation((client) => writeEffects(client, three));
    const { rows } = await automation.pool.query('select position::int from annals_app.effects');
    expect([rows, await told()]).toEqual([[{ position: 3 }], []]);
  });

  it('is listed per rule, newest event first, page by page', async () => {
    await append({}, {}, {});
    await asApp((client) => createRule(client, RULE, TEXT, saving()));
    const effects = [1, 2, 3].flatMap((position) =>
      ['ben', 'jane'].map((recipient) =>
        effect({ position: BigInt(position), recipient, eventId: `01a1f85f-7403-8777-9e10-00000000000${position}` }),
      ),
    );
    await asAutomation((client) => writeEffects(client, effects));
    const first = await asApp((client) => listEffects(client, RULE, { limit: 3 }));
    const rest = await asApp((client) => listEffects(client, RULE, { limit: 10, after: first!.at(-1)! }));
    expect([...first!, ...rest!].map(({ position, recipient }) => `${position} ${recipient}`)).toEqual([
      '3 ben',
      '3 jane',
      '2 ben',
      '2 jane',
      '1 ben',
      '1 jane',
    ]);
    expect(await asApp((client) => listEffects(client, RULE, { limit: 3, outcome: 'too old' }))).toEqual([]);
    expect(await asApp((client) => listEffects(client, RULE, { limit: 3 }), OTHER_TENANT)).toBeNull();
  });
});

let head = 0n;
const saving = (): Saving => ({ tenantId: TENANT, by: 'jane', head: () => Promise.resolve(head) });

describe('a rule', () => {
  it('applies to what is appended between its saving and its replacement or end', async () => {
    await append({}, {}, {}, {}, {}, {});
    head = 2n;
    await asApp((client) => createRule(client, RULE, TEXT, saving()));
    head = 4n;
    await asApp((client) => replaceRule(client, RULE, { ...TEXT, definition: '{"name":"s"}' }, saving()));
    const [span] = await asAutomation((client) => takeSpans(client, CONSUMER, 100));
    expect(await asAutomation((client) => rulesInForce(client, [span!]))).toEqual([
      { tenantId: TENANT, ruleId: RULE, version: 1, from: 2n, to: 4n },
      { tenantId: TENANT, ruleId: RULE, version: 2, from: 4n, to: null },
    ]);
    expect(await asAutomation((client) => rulesInForce(client, [{ ...span!, upto: 2n }]))).toEqual([]);
    head = 5n;
    expect(await asApp((client) => deleteRule(client, RULE, saving()))).toMatchObject({ outcome: 'saved', rule: { version: 2 } });
    expect(await asApp((client) => readRule(client, RULE))).toBeNull();
    expect(await asAutomation((client) => rulesInForce(client, [{ ...span!, after: 5n }]))).toEqual([]);
    expect(await asApp((client) => deleteRule(client, RULE, saving()))).toEqual({ outcome: 'unknown' });
  });

  it('is changed only by who has seen what stands, and only in its own tenant', async () => {
    await asApp((client) => createRule(client, RULE, TEXT, saving()));
    expect(await asApp((client) => replaceRule(client, RULE, TEXT, saving(), 7))).toEqual({ outcome: 'changed', version: 1 });
    expect(await asApp((client) => replaceRule(client, RULE, { ...TEXT, enabled: false }, saving(), 1))).toMatchObject({
      rule: { version: 2, enabled: false },
    });
    const foreign = { ...saving(), tenantId: OTHER_TENANT };
    expect(await asApp((client) => replaceRule(client, RULE, TEXT, foreign), OTHER_TENANT)).toEqual({ outcome: 'unknown' });
    expect(await asApp((client) => listRules(client, 10), OTHER_TENANT)).toEqual([]);
    expect(await asApp((client) => listRules(client, 10))).toMatchObject([{ id: RULE, version: 2, createdBy: 'jane' }]);
  });

  it('that is being saved is waited for by who evaluates, so that none slips between', async () => {
    await append({});
    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    let commit = (): void => undefined;
    const held = new Promise<void>((resolve) => (commit = resolve));
    let locked = (): void => undefined;
    const begun = new Promise<void>((resolve) => (locked = resolve));
    const slow: Saving = { ...saving(), head: async () => (locked(), await held, 0n) };
    const save = asApp((client) => createRule(client, RULE, TEXT, slow));
    await begun;
    const evaluation = asAutomation(async (client) => rulesInForce(client, await takeSpans(client, CONSUMER, 10)));
    for (let waits = 0; waits === 0;) {
      const { rows } = await owner.query<{ count: string }>("select count(*) from pg_locks where locktype = 'advisory' and not granted");
      waits = Number(rows[0]?.count);
    }
    await owner.end();
    commit();
    await save;
    expect(await evaluation).toHaveLength(1);
  });
});

describe('notifications', () => {
  it('are a user’s own: read, unread again, and all at once', async () => {
    await append({}, {});
    const effects = [1n, 2n].flatMap((position) =>
      ['jane', 'ben'].map((recipient): Effect => ({
        ...{ tenantId: TENANT, ruleId: 'mention', ruleVersion: 1, recipient, position, outcome: 'fired', reason: 'mentioned' },
        eventId: `01a1f85f-7403-8777-9e10-00000000000${position}`,
      })),
    );
    await asAutomation((client) => writeEffects(client, effects));
    const wanted = { recipient: 'jane', limit: 10, unreadOnly: true };
    const [newest, oldest] = await asApp((client) => listNotifications(client, wanted));
    expect([newest?.position, oldest?.position]).toEqual([2n, 1n]);
    expect(await asApp((client) => markNotification(client, 'ben', newest!.id, true))).toBe(false);
    expect(await asApp((client) => markNotification(client, 'jane', newest!.id, true))).toBe(true);
    expect((await asApp((client) => listNotifications(client, wanted))).map(({ id }) => id)).toEqual([oldest!.id]);
    expect(
      (await asApp((client) => listNotifications(client, { ...wanted, unreadOnly: false, after: newest! }))).map(({ id }) => id),
    ).toEqual([oldest!.id]);
    expect(await asApp((client) => markNotification(client, 'jane', newest!.id, false))).toBe(true);
    expect(await asApp((client) => countUnread(client, 'jane'))).toBe(2);
    expect(await asApp((client) => markAllRead(client, 'jane', 1n))).toBe(1);
    expect(await asApp((client) => markAllRead(client, 'jane'))).toBe(1);
    expect([await asApp((client) => countUnread(client, 'jane')), await asApp((client) => countUnread(client, 'ben'))]).toEqual([0, 2]);
    expect(await asApp((client) => countUnread(client, 'ben'), OTHER_TENANT)).toBe(0);
  });
});
