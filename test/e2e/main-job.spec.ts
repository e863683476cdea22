import { EVENT_TYPES, type EntityRef, type WireRecord } from '#libs/contracts';
import { aDraft, binary, eventually, flat, structured, type EventDraft, type SpawnedApp } from '#libs/testing';
import { aTenant, note, Rig, type Sent } from './rig.js';

interface Item {
  readonly id: string;
  readonly position: number;
  readonly type: string;
  readonly sourceId: string;
  readonly summary: string;
  readonly entities: readonly EntityRef[];
}
interface List {
  readonly items: readonly Item[];
  readonly next: string | null;
  readonly pin: string;
  readonly newer: number;
}

/** Contacts that nothing else refers to: a merge would join the timelines of the others. */
const MERGED: Partial<EventDraft> = {
  entities: [
    { type: 'contact', id: 'contact-into' },
    { type: 'contact', id: 'contact-from', role: 'merged' },
  ],
  payload: { fromContactId: 'contact-from', intoContactId: 'contact-into' },
};

describe('from a producer through Kafka and the log to a timeline', () => {
  let rig: Rig;
  let query: SpawnedApp;
  beforeAll(async () => {
    rig = await Rig.open(2);
    await rig.ingest();
    query = await rig.query();
  }, 60_000);
  afterAll(() => rig.close(), 60_000);

  async function get(tenant: string, path: string, token?: string): Promise<Response> {
    const bearer = token ?? (await rig.staffToken(tenant));
    return fetch(`${query.url}${path}`, { headers: { authorization: `Bearer ${bearer}`, orgid: tenant } });
  }
  async function list(tenant: string, path: string, token?: string): Promise<List> {
    const answer = await get(tenant, path, token);
    expect([answer.status, path]).toEqual([200, path]);
    return (await answer.json()) as List;
  }
  const until = (tenant: string, count: number) =>
    eventually(async () => (await rig.appended(tenant)) === count, { describe: `${count} events stand in the log`, timeoutMs: 30_000 });

  test('every type stands, once, on the timeline of everything it refers to, and on the feed', async () => {
    const tenant = aTenant();
    const drafts = EVENT_TYPES.map((type, i) =>
      aDraft({
        type,
        tenantId: tenant,
        time: new Date(Date.UTC(2026, 0, 1, 0, i)).toISOString(),
        ...(type === 'contact.merged' && MERGED),
      }),
    );
    await rig.publish(drafts.map((draft) => sentOf(structured(draft))));
    await until(tenant, EVENT_TYPES.length);
    const feed = await list(tenant, '/api/v1/feed?limit=200&includeRetracted=true');
    expect(feed.items.map(({ type }) => type)).toEqual([...EVENT_TYPES].reverse());
    const refs = new Map(drafts.flatMap(({ entities }) => entities.map((entity) => [`${entity.type}/${entity.id}`, entity] as const)));
    for (const [path, { type, id }] of refs) {
      if (type === 'user' || id === 'contact-from' || id === 'contact-into') continue;
      const due = drafts.filter(({ entities }) => entities.some((entity) => entity.type === type && entity.id === id));
      const found = await list(tenant, `/api/v1/timelines/${path}?limit=200&includeRetracted=true`);
      expect(new Set(found.items.map((item) => item.sourceId))).toEqual(new Set(due.map((draft) => draft.id)));
    }
  }, 60_000);

  test('the same event in the three wire forms is the same stored row', async () => {
    const tenants = [aTenant(), aTenant(), aTenant()];
    const forms: ((draft: EventDraft) => WireRecord)[] = [structured, binary, flat];
    const drafts = (tenantId: string) =>
      EVENT_TYPES.map((type, i) =>
        aDraft({ type, tenantId, id: `event-${i}`, source: 'urn:annals:flat', recordedTime: '2026-01-15T09:00:01Z' }),
      );
    for (const [i, form] of forms.entries()) await rig.publish(drafts(tenants[i] ?? '').map((draft) => sentOf(form(draft))));
    for (const tenant of tenants) await until(tenant, EVENT_TYPES.length);
    const rows = (tenant: string) =>
      rig.sql(
        `select source, source_id, type, source_type, version, entities, actor_type, actor_id, on_behalf_of, occurred_at, time_quality, recorded_at,
                ingest_mode, correlation_id, causation_id, summary, payload, customer_visible from annals.events where tenant_id = $1 order by source_id`,
        [tenant],
      );
    const [first, ...others] = await Promise.all(tenants.map(rows));
    expect(first).toHaveLength(EVENT_TYPES.length);
    for (const other of others) expect(other).toEqual(first);
  }, 60_000);

  test('pages keep to their pin while new entries arrive, and say how many are newer', async () => {
    const tenant = aTenant();
    await rig.publish(Array.from({ length: 30 }, (_, i) => note(tenant, i, 'contact-1')));
    await until(tenant, 30);
    const path = '/api/v1/timelines/contact/contact-1?limit=10';
    const first = await list(tenant, path);
    await rig.publish(Array.from({ length: 5 }, (_, i) => note(tenant, 100 + i, 'contact-1')));
    await until(tenant, 35);
    const second = await list(tenant, `${path}&cursor=${encodeURIComponent(first.next ?? '')}`);
    const third = await list(tenant, `${path}&cursor=${encodeURIComponent(second.next ?? '')}`);
    const seen = [...first.items, ...second.items, ...third.items].map(({ sourceId }) => sourceId);
    expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => `note-${29 - i}`));
    expect(second.newer).toBe(5);
    expect(third.next).toBeNull();
  }, 60_000);

  test('another tenant, an unknown id and an unknown timeline look the same', async () => {
    const [mine, theirs] = [aTenant(), aTenant()];
    await rig.publish([note(mine, 1, 'contact-1'), note(theirs, 1, 'contact-1')]);
    await until(mine, 1);
    await until(theirs, 1);
    const [item] = (await list(theirs, '/api/v1/timelines/contact/contact-1')).items;
    const foreign = await get(mine, `/api/v1/events/${item?.id}`);
    const unknown = await get(mine, '/api/v1/events/00000000-0000-8000-8000-000000000000');
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    const shape = async (answer: Response) => JSON.stringify(await answer.json()).replace(/[0-9a-f-]{36}/g, 'ID');
    expect(await shape(foreign)).toBe(await shape(unknown));
    expect((await get(theirs, '/api/v1/feed', await rig.staffToken(mine))).status).toBe(403);
    const customer = await rig.customerToken(mine, 'contact/contact-1');
    expect((await get(mine, '/api/v1/timelines/contact/contact-2', customer)).status).toBe(404);
    expect((await list(mine, '/api/v1/timelines/contact/contact-1', customer)).items).toEqual([]);
  }, 60_000);

  test('annals.appended carries every event in position order', async () => {
    const tenant = aTenant();
    await rig.publish(Array.from({ length: 200 }, (_, i) => note(tenant, i)));
    await until(tenant, 200);
    await eventually(
      async () => {
        const [row] = await rig.sql<{ position: string }>(
          "select position from annals.checkpoints where consumer = 'appended' and tenant_id = $1",
          [tenant],
        );
        return row?.position === '200';
      },
      { describe: 'the relay has caught up', timeoutMs: 30_000 },
    );
    const events = (await rig.readAll('annals.appended')).map(
      ({ value }) => JSON.parse(String(value)) as { tenantid: string; position: number; appendedat: string },
    );
    const own = events.filter(({ tenantid }) => tenantid === tenant);
    expect(own.map(({ position }) => position)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    expect(own.every(({ appendedat }) => !Number.isNaN(Date.parse(appendedat)))).toBe(true);
  }, 60_000);

  test('a retraction hides the activity from its timelines, and a reader of staff may still ask for it', async () => {
    const tenant = aTenant();
    await rig.publish([note(tenant, 1, 'contact-1'), note(tenant, 2, 'contact-1')]);
    await until(tenant, 2);
    const path = '/api/v1/timelines/contact/contact-1';
    const wrong = (await list(tenant, path)).items.find(({ sourceId }) => sourceId === 'note-1');
    const draft = aDraft({
      type: 'activity.retracted',
      tenantId: tenant,
      entities: [{ type: 'contact', id: 'contact-1' }],
      payload: { targetEventId: wrong?.id },
    });
    await rig.publish([sentOf(structured(draft))]);
    await until(tenant, 3);
    const shown = (await list(tenant, path)).items.map(({ sourceId }) => sourceId);
    expect(shown).toContain('note-2');
    expect(shown).not.toContain('note-1');
    expect((await list(tenant, `${path}?includeRetracted=true`)).items.map(({ sourceId }) => sourceId)).toContain('note-1');
  }, 60_000);
});

function sentOf({ topic, value, headers }: WireRecord): Sent {
  return { topic, value: value && Buffer.from(value), headers };
}
