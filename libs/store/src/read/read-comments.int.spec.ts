import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { EVENT_DEFINITIONS, type ActivityEvent } from '#libs/contracts';
import { anEvent, freshDatabase, type EventDraft, type FreshDatabase } from '#libs/testing';
import { connectionFor } from '../connect/connection-for.js';
import { eventById } from './event-by-id.js';
import { commentById, commentKeys, eventsAt, retractionOf } from './read-comments.js';
import { WrittenLog } from './testdata/written-log.js';
import { timelinePage } from './timeline-page.js';

let database: FreshDatabase;
let written: WrittenLog;
let pool: pg.Pool;
let owner: pg.Pool;

beforeAll(async () => {
  database = await freshDatabase();
  written = await WrittenLog.open(database.url);
  pool = new pg.Pool({ connectionString: connectionFor(database.url, 'query'), max: 2 });
  owner = new pg.Pool({ connectionString: database.url, max: 1 });
});
afterAll(async () => {
  await Promise.all([pool?.end(), owner?.end(), written?.close()]);
  await database?.drop();
});

const lead = { type: 'lead', id: 'lead-xyz' };
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const comment = (tenantId: string, commentId: string, minute: number, wanted: Partial<EventDraft> = {}, parentCommentId?: string) =>
  anEvent({
    ...{ tenantId, type: 'comment.added', entities: [lead], time: at(minute) },
    payload: { commentId, text: `text of ${commentId}`, ...(parentCommentId && { parentCommentId }) },
    ...wanted,
  });
const deletion = (tenantId: string, commentId: string): ActivityEvent =>
  anEvent({ tenantId, type: 'comment.deleted', entities: [lead], payload: { commentId } });

describe('the comments on a record', () => {
  it('come oldest first, as of a position, with what they answer and whether they are deleted', async () => {
    const [tenant, other] = [randomUUID(), randomUUID()];
    await written.append([
      comment(tenant, 'late', 30),
      comment(tenant, 'early', 10),
      comment(tenant, 'elsewhere', 20, { entities: [{ type: 'lead', id: 'another' }] }),
      comment(other, 'theirs', 10),
      anEvent({ tenantId: tenant, entities: [lead], time: at(15) }),
      comment(tenant, 'answer', 20, {}, 'early'),
    ]);
    await written.append([deletion(tenant, 'early')]);
    const now = await commentKeys(pool, tenant, lead);
    expect(now).toEqual({
      pin: 6n,
      keys: [
        { position: '2', commentId: 'early', parentCommentId: null, deleted: true },
        { position: '5', commentId: 'answer', parentCommentId: 'early', deleted: false },
        { position: '1', commentId: 'late', parentCommentId: null, deleted: false },
      ],
    });
    const before = await commentKeys(pool, tenant, lead, 4n);
    expect(before.keys.map(({ commentId, deleted }) => [commentId, deleted])).toEqual([
      ['early', false],
      ['late', false],
    ]);
    const rows = await eventsAt(pool, tenant, ['5', '99', '2']);
    expect(rows.map(({ position, retractedAtPosition }) => [position, retractedAtPosition])).toEqual([
      ['5', null],
      ['2', '6'],
    ]);
    expect(await commentKeys(pool, randomUUID(), lead)).toEqual({ pin: 0n, keys: [] });
  });

  it('of merged contacts are read as one', async () => {
    const tenant = randomUUID();
    const [kept, gone] = ['kept', 'gone'].map((id) => ({ type: 'contact', id }));
    if (!kept || !gone) throw new Error('two contacts');
    await written.append([
      comment(tenant, 'on gone', 1, { entities: [gone] }),
      comment(tenant, 'on both', 2, { entities: [kept, gone] }),
      anEvent({
        ...{ tenantId: tenant, type: 'contact.merged', entities: [kept, { ...gone, role: 'merged' }] },
        payload: { fromContactId: 'gone', intoContactId: 'kept' },
      }),
    ]);
    expect((await commentKeys(pool, tenant, kept)).keys.map(({ commentId }) => commentId)).toEqual(['on gone', 'on both']);
  });

  it('are found by the id their producer gave them, in their own tenant', async () => {
    const tenant = randomUUID();
    await written.append([comment(tenant, 'c1', 1)]);
    expect(await commentById(pool, tenant, 'c1')).toMatchObject({ position: '1', type: 'comment.added', retractedAtPosition: null });
    expect(await commentById(pool, tenant, 'c2')).toBeNull();
    expect(await commentById(pool, randomUUID(), 'c1')).toBeNull();
  });

  it('are told from what took them away', async () => {
    const tenant = randomUUID();
    await written.append([comment(tenant, 'c1', 1), comment(tenant, 'c2', 2)]);
    await written.append([deletion(tenant, 'c1'), deletion(tenant, 'c1')]);
    const [first, second] = written.of(tenant).map(({ id }) => id);
    expect(await retractionOf(pool, tenant, String(first))).toMatchObject({ position: '3', type: 'comment.deleted' });
    expect(await retractionOf(pool, tenant, String(second))).toBeNull();
    expect(await retractionOf(pool, randomUUID(), String(first))).toBeNull();
  });
});

describe('the wall before types for staff', () => {
  it('knows every type that the catalogue keeps for staff, and no other', async () => {
    const types = EVENT_DEFINITIONS.map(({ type }) => type);
    const { rows } = await owner.query<{ type: string }>('select type from unnest($1::text[]) type where annals.staff_only(type)', [types]);
    const kept = EVENT_DEFINITIONS.filter(({ visibility }) => visibility === 'staff_only').map(({ type }) => type);
    expect(rows.map(({ type }) => type)).toEqual(kept);
  });

  it('stands although a row is flagged for customers: it is refused, and if it were there its text would not come out', async () => {
    const tenantId = randomUUID();
    const me = { type: 'contact', id: 'me' };
    const flagged = () =>
      anEvent({ tenantId, type: 'comment.added', entities: [me], payload: { commentId: 'c', text: 'planted' } }, { customerVisible: true });
    const refusing = await WrittenLog.open(database.url);
    await expect(refusing.append([flagged()])).rejects.toThrow(/staff_only_is_for_staff/);
    await refusing.close();
    for (const table of ['events', 'timeline']) await owner.query(`alter table annals.${table} drop constraint staff_only_is_for_staff`);
    await written.append([flagged()]);
    const scope = { tenantId, audience: 'customer', customer: me } as const;
    const page = await timelinePage(pool, scope, { timeline: { kind: 'entity', ...me }, filter: {}, limit: 50 });
    expect(page.rows).toEqual([]);
    expect(await eventById(pool, scope, String(written.of(tenantId)[0]?.id))).toBeNull();
  });
});
