import { typeDefinitionOf } from '#libs/contracts';
import { anEvent, freshDatabase, type FreshDatabase } from '#libs/testing';
import { scoreFeed } from './score-feed.js';
import { lead, order, ScoredLog } from './scored-log.fixture.js';

interface Message {
  readonly id: string;
  readonly data: { readonly eventType: string; readonly position: number; readonly weightHint: number };
}

let fresh: FreshDatabase;
let log: ScoredLog;
beforeAll(async () => {
  fresh = await freshDatabase();
  log = await ScoredLog.open(fresh.url, anEvent);
});
afterAll(async () => {
  await log.close();
  await fresh.drop();
});
beforeEach(() => log.begin());

describe('the score feed', () => {
  const messages = () => log.published.map(({ value }) => JSON.parse(value) as Message);

  async function feed(backfill = false): Promise<void> {
    const job = scoreFeed(log.parts, backfill);
    while (await job.act());
  }

  beforeEach(async () => {
    // what other specs have left
    await feed();
    log.published = [];
  });

  it('tells in position order what may change a score, and what the model thinks of it', async () => {
    await log.append(order(0), { type: 'note.added' }, order(1, { type: 'email.opened', entities: lead(), payload: { messageId: 'm' } }));
    await log.append(
      { type: 'email.opened', entities: lead(), payload: { messageId: 'm', machine: true } },
      order(2, { ingestMode: 'backfill' }),
    );
    await feed();
    expect(log.published.map(({ topic, key }) => [topic, key])).toEqual([
      ['annals.lead-score', log.tenant],
      ['annals.lead-score', log.tenant],
    ]);
    expect(messages().map(({ data }) => [data.position, data.eventType, data.weightHint])).toEqual([
      [1, 'order.placed', 25],
      [3, 'email.opened', 3],
    ]);
    await feed();
    expect(log.published).toHaveLength(2);
  });

  it('tells of backfilled events where that is asked for', async () => {
    await log.append(order(2, { ingestMode: 'backfill' }));
    await feed(true);
    expect(log.published).toHaveLength(1);
  });

  it('takes no more payload in hand than memory is meant to hold, and tells all of it', async () => {
    const note = 'x'.repeat(200_000);
    await log.append(...Array.from({ length: 50 }, (_, day) => order(day, { payload: { total: '12.00', currency: 'EUR', note } })));
    const job = scoreFeed(log.parts, false);
    await job.act();
    expect(log.published).toHaveLength(40);
    await feed();
    expect(messages().map(({ data }) => data.position)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  });

  it('tells again, with the same ids, what may not have arrived', async () => {
    await log.append(order(0));
    log.failing = true;
    await expect(feed()).rejects.toThrow('did not answer');
    log.failing = false;
    await feed();
    expect(messages()[1]).toEqual(messages()[0]);
  });
});

describe("a tenant's own type", () => {
  const held = () =>
    anEvent(
      { tenantId: log.tenant, entities: lead(), time: '2026-01-01T00:00:00Z' },
      { type: 'custom.demo_held', payload: '{"attendee":"Jane Doe","plan":"pro"}' },
    );

  function register(): void {
    const definition = typeDefinitionOf({
      ...{ type: 'custom.demo_held', summary: 'held a demo', primary: ['lead'], scoreFeed: true, scoreWeight: 40, pii: ['attendee'] },
      schema: { type: 'object', properties: { attendee: { type: 'string' }, plan: { type: 'string' } } },
    });
    log.parts.types.replace(log.tenant, [
      { type: definition.type, version: 1, definition, createdBy: 'jane', createdAt: '2026-01-01T00:00:00Z' },
    ]);
  }

  it('waits until this process has heard of it, and then feeds and scores like any other', async () => {
    await log.append(order(0));
    await log.appendEvents([held()]);
    const feed = scoreFeed(log.parts, false);
    await log.settle();
    while (await feed.act());
    const before = log.published.length;
    expect(await log.scores()).toEqual({ 'l-1': 25 });
    register();
    while (await feed.act());
    const [message] = log.published.slice(before).map(({ value }) => JSON.parse(value) as Message & { data: { payload: object } });
    expect(message?.data).toMatchObject({ eventType: 'custom.demo_held', payload: { plan: 'pro' }, weightHint: 40 });
    expect(JSON.stringify(message)).not.toContain('Jane');
    log.published = [];
    await log.score();
    expect(log.updates()).toMatchObject([{ payload: { newScore: 65, topFactors: ['custom.demo_held', 'order.placed'] } }]);
  });
});
