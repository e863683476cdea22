import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import fc from 'fast-check';
import type { ActivityEvent, EntityRef } from '#libs/contracts';
import { createLogger, mintToken, parseConfig, Shutdown, type TokenHolder } from '#libs/service';
import { connectionFor, openIngestStore, prepareEvent, type IngestStore } from '#libs/store';
import { anEvent, EventStream, eventually, freshDatabase, type EventDraft, type FreshDatabase } from '#libs/testing';
import { queryConfig } from '../config.js';
import { createApp } from '../create-app.js';
import { openParts } from '../open-parts.js';

const secret = 'a secret of at least thirty-two bytes';
const logger = createLogger({ app: 'query', level: 'silent' });
const shutdown = new Shutdown({ logger, exit: () => undefined });

let database: FreshDatabase;
let log: IngestStore;
let app: NestFastifyApplication;
let url: string;
let appended = 0n;

beforeAll(async () => {
  database = await freshDatabase();
  log = await openIngestStore({ url: connectionFor(database.url, 'ingest'), poolSize: 1, applicationName: 'spec' });
  const config = parseConfig(queryConfig, { DATABASE_URL: database.url, JWT_SECRET: secret, KAFKA_BROKERS: '127.0.0.1:9' });
  if (config.outcome !== 'valid') throw new Error(JSON.stringify(config.faults));
  app = await createApp(await openParts(config.values, logger, shutdown));
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(async () => {
  await app?.close();
  await shutdown.begin('the end of the spec');
  await log?.close();
  await database?.drop();
});

async function append(...events: readonly ActivityEvent[]): Promise<void> {
  if (events.length === 0) return;
  const raw = () => ({ key: null, value: null, headers: {}, recordTimeMs: 0 });
  const records = events.map((event, i) => ({
    ...{ offset: appended + BigInt(i), outcome: 'event' as const, prepared: prepareEvent(event) },
    raw,
  }));
  const nextOffset = appended + BigInt(events.length);
  const slice = { topicId: 't', topic: 'crm.test', partition: 0, fetchOffset: appended, nextOffset, records };
  appended = nextOffset;
  expect(await log.append({ clusterId: 'c', slices: [slice] })).toMatchObject({ outcome: 'committed', appended: events.length });
}

async function headersOf(tenant: string, as: TokenHolder = { user: 'jane' }): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await mintToken({ secret, tenants: [tenant], ...as })}`, orgid: tenant };
}

/** The ids of the list, as a stream has them: oldest position first. */
async function listed(tenant: string, filter: string): Promise<string[]> {
  const answer = await fetch(`${url}/api/v1/timelines/account/top?tab=hierarchy&limit=200${filter}`, { headers: await headersOf(tenant) });
  const { items } = (await answer.json()) as { items: { position: number }[] };
  return items
    .map(({ position }) => position)
    .sort((a, b) => a - b)
    .map(String);
}

async function follow(tenant: string, filter: string, from?: string, as?: TokenHolder): Promise<EventStream> {
  const headers = { ...(await headersOf(tenant, as)), ...(from !== undefined && { 'last-event-id': from }) };
  const stream = await EventStream.open(`${url}/api/v1/timelines/account/top/stream?tab=hierarchy${filter}`, headers);
  if (stream.status === 200) await eventually(() => stream.lastEventId !== '', { describe: 'it knows where it begins' });
  return stream;
}

const account = (id: string, role?: string): EntityRef => ({ type: 'account', id, ...(role !== undefined && { role }) });
const hour = (n: number): string => new Date(Date.UTC(2026, 0, 1, n)).toISOString();

/** Events of one tenant; each happens at its own hour. */
function writer(tenantId: string) {
  const event = (id: string, at: number, more: Partial<EventDraft>) => anEvent({ tenantId, id, time: hour(at), ...more });
  return {
    note: (id: string, at: number, of: readonly string[], by = 'jane') =>
      event(id, at, { entities: of.map((each) => account(each)), actor: { type: 'human', id: by } }),
    /** The parent may be named in the payload alone: then the event stands on no timeline but the child's. */
    move: (id: string, at: number, child: string, toParentId: string | null, named = true) =>
      event(id, at, {
        type: 'account.parent_changed',
        entities: [account(child), ...(toParentId === null || toParentId === child || !named ? [] : [account(toParentId, 'parent')])],
        actor: { type: 'human', id: 'jane' },
        payload: { toParentId },
      }),
    retract: (id: string, at: number, targetEventId: string) =>
      event(id, at, { type: 'activity.retracted', entities: [{ type: 'deal', id: 'd' }], payload: { targetEventId } }),
  };
}

const ACCOUNTS = ['top', 'a', 'b', 'c', 'd'];
const someEvent = fc.oneof(
  fc.record({
    does: fc.constant('move' as const),
    child: fc.constantFrom(...ACCOUNTS),
    parent: fc.constantFrom(null, ...ACCOUNTS),
    named: fc.boolean(),
  }),
  fc.record({ does: fc.constant('note' as const), of: fc.subarray(ACCOUNTS, { minLength: 1, maxLength: 2 }) }),
);
const someAct = fc.oneof(
  { weight: 5, arbitrary: fc.record({ act: fc.constant('append' as const), events: fc.array(someEvent, { minLength: 1, maxLength: 6 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('open' as const),
      filter: fc.constantFrom('', '&depth=1', '&depth=2', '&type=note.added,account.parent_changed&actor=jane', `&from=${hour(6)}`),
      share: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('resume' as const), pick: fc.nat() }) },
);

/** One reader, over any number of connections. */
interface Chain {
  readonly filter: string;
  readonly from: number;
  readonly before: string[];
  stream: EventStream;
}

class Stage {
  readonly tenant = randomUUID();
  readonly chains: Chain[] = [];
  private count = 0;
  private readonly write = writer(this.tenant);

  async perform(act: typeof someAct extends fc.Arbitrary<infer T> ? T : never): Promise<void> {
    if (act.act === 'append') return append(...act.events.map((event) => this.eventOf(event)));
    if (act.act === 'resume') return this.resume(this.chains[act.pick % (this.chains.length || 1)]);
    const after = act.share === undefined ? undefined : String(Math.floor(act.share * this.count));
    const stream = await follow(this.tenant, act.filter, after);
    this.chains.push({ filter: act.filter, from: Number(after ?? stream.lastEventId), before: [], stream });
  }

  /** The account's own move, which every one of the filters shows. */
  async end(): Promise<string> {
    await append(this.write.move('the end', 1_000, 'top', 'nobody'));
    return String(++this.count);
  }

  private async resume(chain: Chain | undefined): Promise<void> {
    if (!chain) return;
    chain.stream.close();
    chain.before.push(...chain.stream.ids());
    chain.stream = await follow(this.tenant, chain.filter, chain.stream.lastEventId);
  }

  private eventOf(event: typeof someEvent extends fc.Arbitrary<infer T> ? T : never): ActivityEvent {
    const n = this.count++;
    if (event.does === 'note') return this.write.note(`s${n}`, n, event.of, n % 3 === 0 ? 'kim' : 'jane');
    return this.write.move(`s${n}`, n, event.child, event.parent, event.named);
  }
}

describe('the live stream of the Hierarchy tab', () => {
  it('is the list: whatever joins and leaves the tree, whenever streams begin, are cut off and go on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someAct, { minLength: 6, maxLength: 25, size: 'max' }), async (acts) => {
        const stage = new Stage();
        for (const act of acts) await stage.perform(act);
        const last = await stage.end();
        for (const { filter, from, before, stream } of stage.chains) {
          await eventually(() => stream.ids().at(-1) === last, { describe: `${filter} from ${from} is at the end` });
          stream.close();
          expect([...before, ...stream.ids()]).toEqual((await listed(stage.tenant, filter)).filter((id) => Number(id) > from));
        }
      }),
      { numRuns: 30 },
    );
  }, 120_000);

  it('takes a move into account from there on: what was passed by is not played in, and what was shown is not taken back', async () => {
    const tenant = randomUUID();
    const { note, move, retract } = writer(tenant);
    const live = await follow(tenant, '');
    const told = async (event: ActivityEvent, ids: readonly string[]): Promise<void> => {
      await append(event);
      await eventually(() => live.ids().length === ids.length, { describe: `${event.source} brings ${ids.join()}` });
      expect(live.ids()).toEqual(ids);
    };
    await append(note('1', 5, ['child']));
    // it stood there already when the note was written: told late
    await told(move('2', 3, 'child', 'top'), ['2']);
    await append(note('3', 2, ['child']));
    await told(note('4', 6, ['child']), ['2', '4']);
    // it had left before that, and nobody tells the account it left
    await append(move('5', 4, 'child', null), note('6', 7, ['child']));
    await told(move('7', 8, 'other', 'top'), ['2', '4', '7']);
    // it had not
    await append(retract('8', 9, '5'));
    await told(note('9', 10, ['child']), ['2', '4', '7', '9']);
    live.close();
    const whole = await follow(tenant, '', '0');
    await eventually(() => whole.lastEventId === '9', { describe: 'all of it' });
    whole.close();
    expect(whole.ids()).toEqual(['1', '2', '4', '6', '7', '9']);
    expect(whole.ids()).toEqual(await listed(tenant, ''));
  });

  it('is for whom the list is, and refuses what the list refuses', async () => {
    const tenant = randomUUID();
    const { move, note } = writer(tenant);
    await append(move('1', 1, 'child', 'top'), note('2', 2, ['child']));
    const other = await follow(randomUUID(), '', '0');
    await append(note('3', 3, ['child']));
    const statuses = await Promise.all([
      follow(tenant, '', '0', { customer: 'contact/c' }),
      follow(tenant, '&depth=0', '0'),
      follow(tenant, '', '4'),
      follow(tenant, '', '-1'),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([404, 400, 400, 400]);
    const wrong = await EventStream.open(`${url}/api/v1/feed/stream?depth=1`, await headersOf(tenant));
    expect(wrong.status).toBe(400);
    expect([other.ids(), other.lastEventId]).toEqual([[], '0']);
    other.close();
  });

  it('says 422 where more stands below than can be read as one, and ends where that comes about', async () => {
    const tenant = randomUUID();
    const { move } = writer(tenant);
    const live = await follow(tenant, '');
    await append(...Array.from({ length: 5001 }, (_, n) => move(`m${n}`, 3, `child-${n}`, n === 0 ? 'top' : 'child-0')));
    await eventually(() => live.ended, { describe: 'it has ended' });
    expect(live.reconnect).toEqual({ reason: 'failed' });
    const refused = await follow(tenant, '', live.lastEventId);
    await eventually(() => refused.ended, { describe: 'the answer' });
    expect([refused.status, refused.body]).toEqual([422, expect.stringContaining('hierarchy-too-large')]);
    const flat = await follow(tenant, '&depth=1', '0');
    await eventually(() => flat.ids().length === 5_001, { describe: 'the moves to an account directly below, which names both' });
    flat.close();
  }, 30_000);
});
