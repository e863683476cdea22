import fc from 'fast-check';
import { anEvent, freshDatabase, type FreshDatabase } from '#libs/testing';
import { contact, isContact, lead, merge, order, retract, ScoredLog, unmerge, type Draft } from './scored-log.fixture.js';

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

const form = (entities: Draft['entities'], more: Draft = {}): Draft => ({
  ...{ type: 'form.submitted', entities, payload: { formName: 'f' }, time: '2026-01-01T00:00:00Z' },
  ...more,
});
const told = () =>
  log
    .updates()
    .map(({ entities: [{ id }], payload: { previousScore, newScore, topFactors } }) => [id, previousScore, newScore, topFactors]);

describe('the score of a lead whose contact is merged into that of another', () => {
  beforeEach(async () => {
    await log.append(
      isContact('l-a', 'a'),
      isContact('l-b', 'b'),
      form(contact('a')),
      order(0, { entities: [{ type: 'order', id: 'o-1' }, ...lead('l-a')] }),
      form(contact('b')),
    );
    await log.settle();
    expect(await log.scores()).toEqual({ 'l-a': 40, 'l-b': 15 });
    log.published = [];
  });

  it('counts for the other one from then on, which says why, and is no score of its own any more', async () => {
    await log.append(merge('a', 'b'));
    await log.settle();
    expect(await log.scores()).toEqual({ 'l-b': 55 });
    expect(told()).toEqual(
      expect.arrayContaining([
        ['l-a', 40, 0, []],
        ['l-b', 15, 55, ['form.submitted', 'order.placed']],
      ]),
    );
    const [cause] = await log.sql<{ id: string }>(`select id from annals.events where tenant_id = $1 and type = 'contact.merged'`);
    expect(log.updates().map(({ causationId }) => causationId)).toEqual([cause?.id, cause?.id]);
    await log.append(form(contact('a')), form(lead('l-a')));
    await log.settle();
    expect(await log.scores()).toEqual({ 'l-b': 85 });
  });

  it('comes back when the merge is taken back, and loses nothing', async () => {
    await log.append(merge('a', 'b'), form(contact('a')), form([...contact('b'), ...contact('a')]));
    await log.settle();
    expect(await log.scores()).toEqual({ 'l-b': 85 });
    await log.append(unmerge('a into b'));
    await log.settle();
    expect(await log.scores()).toEqual({ 'l-a': 70, 'l-b': 30 });
    expect(told().slice(-2)).toEqual(
      expect.arrayContaining([
        ['l-a', 0, 70, ['form.submitted', 'order.placed']],
        ['l-b', 85, 30, ['form.submitted']],
      ]),
    );
  });

  it('is untouched by a merge that was taken back before it came, and loses with the other what is retracted', async () => {
    await log.append(unmerge('a into b'), merge('a', 'b'));
    await log.settle();
    expect(await log.scores()).toEqual({ 'l-a': 40, 'l-b': 15 });
    await log.append(merge('a', 'b', 'again'), form(contact('a'), { id: 'mistaken' }), retract('mistaken'));
    await log.settle();
    expect(await log.scores()).toEqual({ 'l-b': 55 });
  });

  it('goes on for both where the other contact is no lead', async () => {
    await log.append(form(contact('nobody')), merge('a', 'nobody'));
    await log.settle();
    expect(await log.scores()).toEqual({ 'l-a': 55, 'l-b': 15 });
  });

  it('is the same, however it comes to be done again', async () => {
    await log.append(merge('a', 'b'));
    log.failing = true;
    await expect(log.score()).rejects.toThrow('did not answer');
    log.failing = false;
    await log.append(form(contact('a')), unmerge('a into b'));
    await log.settle();
    const ids = new Set(log.updates().map(({ sourceId }) => sourceId));
    const rows = await log.sql(`select 1 from annals.events where tenant_id = $1 and type = 'lead.score_updated'`);
    expect(rows.length).toBe(3 + ids.size);
  });
});

it('says nothing new when everything is done again from the beginning, whatever was merged', async () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ does: fc.constant('contact' as const), a: name, b: name, n: fc.nat(99) }) },
    {
      weight: 1,
      arbitrary: fc.record({ does: fc.constantFrom('lead', 'merge', 'unmerge', 'link', 'retract'), a: name, b: name, n: fc.nat(99) }),
    },
  );
  const draftOf = ({ does, a, b, n }: { does: string; a: string; b: string; n: number }, id: string, round: string): Draft => {
    const days = new Date(Date.UTC(2026, 0, 1 + (n % 60))).toISOString();
    if (does === 'merge') return merge(a, b, id);
    if (does === 'unmerge') return unmerge(`${round}-${n % 12}`);
    if (does === 'retract') return retract(`${round}-${n % 12}`);
    if (does === 'link') return isContact(`l-${b}`, a);
    return form(does === 'lead' ? lead(`l-${a}`) : contact(a), { id, time: days });
  };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 12 }), async (steps) => {
      log.begin();
      await log.append(isContact('l-a', 'a'), isContact('l-b', 'b'));
      for (const [i, one] of steps.entries()) {
        await log.append(draftOf(one, `r-${i}`, 'r'));
        if (one.n % 3 === 0) await log.settle();
      }
      await log.settle();
      const byId = (all: ReturnType<typeof log.updates>) =>
        all.map(({ sourceId, payload, occurredAt }) => [sourceId, payload, occurredAt]).sort();
      const [said, had] = [byId(log.updates()), await log.scores()];
      expect(byId(await log.rebuild())).toEqual(said);
      expect(await log.scores()).toEqual(had);
    }),
    { numRuns: 25 },
  );
}, 120_000);
