import fc from 'fast-check';
import { canonicalModel, DEFAULT_MODEL } from '#libs/scores';
import { inTenant, saveModel } from '#libs/store';
import { anEvent, freshDatabase, type FreshDatabase } from '#libs/testing';
import { scoringEngine } from './score-leads.js';
import { lead, order, retract, ScoredLog } from './scored-log.fixture.js';

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

describe('the scoring engine', () => {
  it('answers with previous and new score and band, model and top factors, on the lead and its accounts', async () => {
    await log.append(order(0, { entities: [{ type: 'order', id: 'o' }, ...lead(), { type: 'account', id: 'acc-1' }] }), order(0));
    await log.settle();
    expect(log.updates()).toMatchObject([
      {
        type: 'lead.score_updated',
        tenantId: log.tenant,
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
    await log.append(
      { ...opened, payload: { messageId: 'm', machine: true } },
      { type: 'email.clicked', entities: lead(), payload: { messageId: 'm', url: 'https://example.com', machine: true } },
      order(0, { ingestMode: 'backfill' }),
      { type: 'lead.score_updated', entities: lead(), payload: { newScore: 90 } },
    );
    await log.settle();
    expect(log.published).toEqual([]);
    expect(await log.scores()).toEqual({});
  });

  it('counts what happens to a contact for the lead it is, also what happened before that was known', async () => {
    const contact = [{ type: 'contact', id: 'c-1' }];
    await log.append({ type: 'form.submitted', entities: contact, payload: { formName: 'demo' }, time: '2026-01-01T00:00:00Z' });
    await log.settle();
    expect(await log.scores()).toEqual({});
    await log.append({ type: 'lead.added', entities: [...lead(), ...contact] });
    await log.settle();
    expect(await log.scores()).toEqual({ 'l-1': 15 });
    await log.append({
      type: 'form.submitted',
      entities: [...contact, ...lead()],
      payload: { formName: 'demo' },
      time: '2026-01-01T00:00:00Z',
    });
    await log.settle();
    expect(await log.scores()).toEqual({ 'l-1': 30 });
  });

  it('takes back what was retracted, also where the retraction came first', async () => {
    await log.append(retract('never'), order(0, { id: 'never' }), order(0, { id: 'a' }), order(0, { id: 'b' }));
    await log.settle();
    expect(await log.scores()).toEqual({ 'l-1': 50 });
    await log.append(retract('a'));
    await log.settle();
    expect(await log.scores()).toEqual({ 'l-1': 25 });
    expect(log.updates().at(-1)?.payload).toMatchObject({ previousScore: 50, newScore: 25, newBand: 'cold' });
  });

  it('scores by a new model from the lead’s next event on', async () => {
    await log.append(order(0));
    await log.settle();
    const bands = [
      { name: 'low', from: 0 },
      { name: 'high', from: 70 },
    ];
    const model = canonicalModel({ ...DEFAULT_MODEL, weights: { 'order.placed': 35 }, bands }, (name) => name);
    await inTenant(log.app, log.tenant, (client) => saveModel(client, log.tenant, model, 'jane'));
    await log.settle();
    expect(await log.scores()).toEqual({ 'l-1': 25 });
    await log.append(order(0));
    await log.settle();
    expect(log.updates().at(-1)?.payload).toMatchObject({
      previousScore: 25,
      newScore: 70,
      previousBand: 'cold',
      newBand: 'high',
      modelVersion: 'v1',
    });
  });

  it('publishes the same again when it could not note that it had log.published', async () => {
    await log.append(order(0));
    log.failing = true;
    await expect(scoringEngine(log.parts).act()).rejects.toThrow('did not answer');
    await log.append(order(1), order(2));
    log.failing = false;
    await log.settle();
    const [first, again, ...later] = log.updates();
    expect(again).toEqual(first);
    expect(later.map(({ payload }) => payload.previousScore)).toEqual([25, 49]);
    // the two that are one to the log
    const rows = await log.sql(`select 1 from annals.events where tenant_id = $1 and type = 'lead.score_updated'`);
    expect(rows).toHaveLength(3);
  });

  it('says nothing new when everything is done again from the beginning, in other batches', async () => {
    await log.append({ type: 'lead.added', entities: [...lead('l-2'), { type: 'contact', id: 'c' }] });
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
          const round = log.published.length + Math.random();
          for (const [index, { does, pick, days }] of steps.entries()) {
            const id = `s-${round}-${index}`;
            if (does === 'retract') await log.append(retract(`s-${round}-${pick}`));
            else
              await log.append(
                order(days, {
                  id,
                  entities: does === 'lead' ? lead() : [{ type: 'contact', id: 'c' }],
                  type: 'form.submitted',
                  payload: { formName: 'f' },
                }),
              );
            if (pick % 2 === 0) await log.settle();
          }
          await log.settle();
        },
      ),
      { numRuns: 10 },
    );
    const [said, had] = [log.updates(), await log.scores()];
    expect(said.length).toBeGreaterThan(3);
    await log.sql(`delete from annals_app.lead_scores where tenant_id = $1`);
    await log.sql(`update annals.checkpoints set position = 0 where consumer = 'scores' and tenant_id = $1`);
    log.published = [];
    await log.score();
    const byId = (all: ReturnType<typeof log.updates>) =>
      all.map(({ sourceId, payload, occurredAt }) => [sourceId, payload, occurredAt]).sort();
    expect(byId(log.updates())).toEqual(byId(said));
    expect(await log.scores()).toEqual(had);
  }, 60_000);
});
