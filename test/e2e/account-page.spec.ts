import type { EntityRef, Tab } from '#libs/contracts';
import { aDraft, EventStream, eventually, structured, type EventDraft, type SpawnedApp } from '#libs/testing';
import { aTenant, Rig, type Sent } from './rig.js';

interface List {
  readonly items: readonly { readonly sourceId: string; readonly position: number; readonly tabs: readonly Tab[] }[];
  readonly pin: number;
}

const account = (id: string, role?: string): EntityRef => ({ type: 'account', id, ...(role !== undefined && { role }) });
const contact: EntityRef = { type: 'contact', id: 'contact-1' };
const day = (n: number): string => new Date(Date.UTC(2026, 0, n, 9)).toISOString();

/** A week of acme, told in disorder: what it did, what was done to it, and its subsidiary that leaves in the end. */
const story = (tenantId: string): EventDraft[] => {
  const told = (id: string, onDay: number, type: string, entities: readonly EntityRef[], payload?: object) =>
    aDraft({ tenantId, id, type, time: day(onDay), entities, ...(payload && { payload }) });
  return [
    told('sent', 1, 'email.sent', [contact, account('acme')]),
    told('opened', 2, 'email.opened', [contact, account('acme')]),
    told('signal', 3, 'signal.detected', [account('acme')]),
    told('visited', 3, 'page.visited', [contact, account('acme')]),
    told('note', 4, 'note.added', [account('acme')], { text: 'renewal in March' }),
    told('comment', 5, 'comment.added', [account('acme')], { commentId: 'k1', text: 'who calls them?' }),
    told('stage', 6, 'deal.stage_changed', [{ type: 'deal', id: 'deal-1' }, account('acme')]),
    told('child note', 3, 'note.added', [account('acme-labs')], { text: 'new lab' }),
    told('child deal', 6, 'deal.won', [{ type: 'deal', id: 'deal-2' }, account('acme-labs')]),
    // told after what it encloses
    told('joins', 2, 'account.parent_changed', [account('acme-labs'), account('acme', 'parent')], {
      fromParentId: null,
      toParentId: 'acme',
    }),
    told('too early', 1, 'note.added', [account('acme-labs')], { text: 'before it was theirs' }),
  ];
};

describe('the account page', () => {
  let rig: Rig;
  let query: SpawnedApp;
  beforeAll(async () => {
    rig = await Rig.open(2);
    await rig.ingest();
    query = await rig.query();
  }, 60_000);
  afterAll(() => rig.close(), 60_000);

  async function ask(tenant: string, path: string, init: RequestInit = {}, bearer?: string): Promise<{ status: number; body: unknown }> {
    const authorization = `Bearer ${bearer ?? (await rig.staffToken(tenant))}`;
    const answer = await fetch(`${query.url}/api/v1/${path}`, { ...init, headers: { authorization, ...init.headers } });
    return { status: answer.status, body: await answer.json() };
  }
  const list = async (tenant: string, path: string): Promise<List> => (await ask(tenant, path)).body as List;
  const tab = async (tenant: string, name: Tab, id = 'acme'): Promise<string[]> =>
    (await list(tenant, `timelines/account/${id}?tab=${name}`)).items.map(({ sourceId }) => sourceId).sort();
  async function tell(tenant: string, drafts: readonly EventDraft[], stand: number): Promise<void> {
    await rig.publish(drafts.map(sentOf));
    await eventually(async () => (await rig.appended(tenant)) === stand, {
      describe: `${stand} events stand in the log`,
      timeoutMs: 30_000,
    });
  }

  test('has six tabs: all of its own entries, four kinds of them, and what happened below it', async () => {
    const tenant = aTenant();
    await tell(tenant, story(tenant), 11);
    const all = await tab(tenant, 'all');
    expect(all).toEqual(['comment', 'joins', 'note', 'opened', 'sent', 'signal', 'stage', 'visited']);
    expect(await tab(tenant, 'email')).toEqual(['opened', 'sent']);
    expect(await tab(tenant, 'signals')).toEqual(['signal', 'visited']);
    expect(await tab(tenant, 'notes')).toEqual(['note']);
    expect(await tab(tenant, 'comments')).toEqual(['comment']);
    expect(await tab(tenant, 'hierarchy')).toEqual(['child deal', 'child note', 'joins']);
    // every entry stands in the tabs it names, and in no other
    for (const { sourceId, tabs } of (await list(tenant, 'timelines/account/acme')).items) {
      for (const name of ['email', 'signals', 'notes', 'comments', 'hierarchy'] as const) {
        expect([sourceId, name, (await tab(tenant, name)).includes(sourceId)]).toEqual([sourceId, name, tabs.includes(name)]);
      }
    }
  }, 60_000);

  test('keeps what happened below it while it was there: a move changes what comes, not what was', async () => {
    const tenant = aTenant();
    await tell(tenant, story(tenant), 11);
    const moved = (id: string, onDay: number, toParentId: string | null) =>
      aDraft({
        ...{ tenantId: tenant, id, type: 'account.parent_changed', time: day(onDay), payload: { fromParentId: 'acme', toParentId } },
        entities: [
          account('acme-labs'),
          ...(toParentId === null ? [] : [account(toParentId, 'parent')]),
          account('acme', 'previous_parent'),
        ],
      });
    const before = await list(tenant, 'timelines/account/acme?tab=hierarchy');
    const later = aDraft({ tenantId: tenant, id: 'later', time: day(9), entities: [account('acme-labs')] });
    await tell(tenant, [moved('leaves', 8, 'globex'), later], 13);
    expect(await tab(tenant, 'hierarchy')).toEqual(['child deal', 'child note', 'joins', 'leaves']);
    expect(await tab(tenant, 'hierarchy', 'globex')).toEqual(['later', 'leaves']);
    // it had left earlier than anybody knew
    await tell(tenant, [moved('left', 4, null)], 14);
    expect(await tab(tenant, 'hierarchy')).toEqual(['child note', 'joins', 'leaves', 'left']);
    // as the page was first shown
    const again = await list(tenant, `timelines/account/acme?tab=hierarchy&pin=${before.pin}`);
    expect(again).toMatchObject({ items: before.items, pin: before.pin });
  }, 60_000);

  test('streams what happens below it as it comes, from any position on, as the list shows it', async () => {
    const tenant = aTenant();
    const authorization = `Bearer ${await rig.staffToken(tenant)}`;
    const follow = (from?: string, more = '') =>
      EventStream.open(`${query.url}/api/v1/timelines/account/acme/stream?tab=hierarchy${more}`, {
        authorization,
        ...(from !== undefined && { 'last-event-id': from }),
      });
    const live = await follow();
    const inOrder = (stream: EventStream) => stream.items<List['items'][number]>().map(({ sourceId }) => sourceId);
    const streamed = (stream: EventStream, count: number) =>
      eventually(() => stream.ids().length === count, { describe: `${count} entries are streamed`, timeoutMs: 30_000 });
    await eventually(() => live.lastEventId === '0', { describe: 'it begins' });
    const at = (id: string, onDay: number, of: string) => aDraft({ tenantId: tenant, id, time: day(onDay), entities: [account(of)] });
    const joins = (child: string, parent: string, onDay: number) =>
      aDraft({
        ...{ tenantId: tenant, id: `${child} joins`, type: 'account.parent_changed', time: day(onDay), payload: { toParentId: parent } },
        entities: [account(child), account(parent, 'parent')],
      });
    await tell(tenant, [at('before', 1, 'acme-labs')], 1);
    await tell(tenant, [joins('acme-labs', 'acme', 2)], 2);
    await streamed(live, 1);
    await tell(tenant, [at('of the child', 3, 'acme-labs')], 3);
    await tell(tenant, [at('of nobody', 3, 'globex')], 4);
    await streamed(live, 2);
    // a whole subtree comes along
    await tell(tenant, [joins('globex', 'acme-labs', 4)], 5);
    await tell(tenant, [at('of the grandchild', 5, 'globex')], 6);
    await streamed(live, 4);
    live.close();
    await tell(tenant, [at('while it was away', 6, 'globex')], 7);
    const resumed = await follow(live.lastEventId);
    await streamed(resumed, 1);
    const whole = await follow('0');
    await streamed(whole, 5);
    const shallow = await follow('0', '&depth=1');
    await streamed(shallow, 3);
    for (const stream of [resumed, whole, shallow]) stream.close();
    expect([...inOrder(live), ...inOrder(resumed)]).toEqual(inOrder(whole));
    expect(inOrder(shallow)).toEqual(['acme-labs joins', 'of the child', 'globex joins']);
    const { items } = await list(tenant, 'timelines/account/acme?tab=hierarchy');
    expect(whole.items()).toEqual(items.toSorted((a, b) => a.position - b.position));
    const bearer = await rig.customerToken(tenant, 'contact/contact-1');
    expect((await ask(tenant, 'timelines/account/acme/stream?tab=hierarchy', {}, bearer)).status).toBe(404);
  }, 90_000);

  test('knows for each user what is unseen', async () => {
    const tenant = aTenant();
    await tell(tenant, story(tenant), 11);
    const seen = 'timelines/account/acme/seen';
    const see = (position: number) =>
      ask(tenant, seen, { method: 'PUT', body: JSON.stringify({ position }), headers: { 'content-type': 'application/json' } });
    const { pin } = await list(tenant, 'timelines/account/acme');
    const kim = await rig.staffToken(tenant, 'kim@example.com');
    expect(await ask(tenant, seen, {}, kim)).toEqual({ status: 200, body: { position: 0, unseen: 8 } });
    expect(await see(pin)).toEqual({ status: 200, body: { position: pin, unseen: 0 } });
    const backdated = aDraft({
      tenantId: tenant,
      id: 'new',
      time: day(1),
      entities: [account('acme')],
      actor: { type: 'system', id: 'sync' },
    });
    await tell(tenant, [backdated], 12);
    expect(await ask(tenant, seen)).toEqual({ status: 200, body: { position: pin, unseen: 1 } });
    expect((await ask(tenant, seen, {}, await rig.customerToken(tenant, 'contact/contact-1'))).status).toBe(403);
  }, 60_000);
});

function sentOf(draft: EventDraft): Sent {
  const { topic, value, headers } = structured(draft);
  return { topic, value: value && Buffer.from(value), headers, key: draft.tenantId };
}
