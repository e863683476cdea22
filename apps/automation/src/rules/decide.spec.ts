import { builtInTypes, type TypeRegistry } from '#libs/contracts';
import { compileRule, type Rule } from '#libs/rules';
import type { Effect, SlimEvent } from '#libs/store';
import { considered, decideAll, taggedRecords, type Considered } from './decide.js';
import type { Rules, StandingRule } from './rule-book.js';
import { tagChangeOf } from './tag-changes.js';

const TENANT = '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11';
const event = (changes: Partial<SlimEvent> = {}): SlimEvent => ({
  tenantId: TENANT,
  position: 5n,
  id: '01a1f85f-7403-8777-9e10-d2266caccfb9',
  type: 'email.opened',
  version: 1,
  source: '/tests',
  actor: { type: 'system', id: 'pixel' },
  ingestMode: 'live',
  occurredAt: 0n,
  appendedAt: 1n,
  takenBack: false,
  entities: [{ type: 'contact', id: 'c' }],
  payload: { messageId: 'm' },
  ...changes,
});
const standing = (rule: Partial<Rule> = {}, applies: Partial<StandingRule> = {}): StandingRule => ({
  ...{ ruleId: 'r', version: 1, from: 0n, to: null, ...applies },
  compiled: compileRule({ name: 'opened', on: ['email.opened'], then: [{ notify: { user: 'rep-1' } }], ...rule }),
});
async function decided(all: readonly Considered[], types: TypeRegistry = builtInTypes, share = 100) {
  const effects: Effect[] = [];
  const stopped = await decideAll(all, { tagsOf: () => [], types, share }, (given) => Promise.resolve(void effects.push(...given)));
  return { effects, stopped };
}
const rulesOf = (...rules: StandingRule[]): Rules => ({ of: () => rules, types: new Set(), withPayload: new Set() });

describe('a version of a rule', () => {
  it.each([
    ['before it was saved', { from: 5n }, 0],
    ['after it was saved', { from: 4n }, 1],
    ['the last before it was replaced', { from: 4n, to: 5n }, 1],
    ['after it was replaced', { from: 3n, to: 4n }, 0],
  ])('given an event %s (%j), is asked %d times', (_, applies, times) => {
    expect(considered([event()], rulesOf(standing({}, applies)))).toHaveLength(times);
  });
});

it('the tags of each record are asked for once, and only where a rule looks at them', () => {
  const byTag = standing({ if: { field: 'contact.tags', op: 'includes', value: 'vip' } });
  const entities = [
    { type: 'contact', id: 'c' },
    { type: 'account', id: 'a' },
    { type: 'contact', id: 'd' },
  ];
  const asked = taggedRecords(considered([event({ entities })], rulesOf(standing(), byTag, byTag)), builtInTypes);
  expect(asked.map(({ entity }) => entity.id)).toEqual(['c', 'd']);
  const never = standing({
    if: {
      all: [
        { field: 'contact.tags', op: 'includes', value: 'vip' },
        { field: 'source', op: 'eq', value: '/other' },
      ],
    },
  });
  expect(taggedRecords(considered([event()], rulesOf(standing(), never)), builtInTypes)).toEqual([]);
});

it('every rule that matches has an effect for each of its recipients', async () => {
  const both = standing({ name: 'both', then: [{ notify: { user: 'jane' } }, { notify: { user: 'ben' } }] }, { ruleId: 's', version: 3 });
  const all = considered([event()], rulesOf(standing(), both, standing({ if: { field: 'source', op: 'eq', value: '/other' } })));
  expect((await decided(all)).effects).toMatchObject([
    { ruleId: 'r', ruleVersion: 1, recipient: 'rep-1', reason: 'opened', outcome: 'fired', position: 5n },
    { ruleId: 's', ruleVersion: 3, recipient: 'jane' },
    { ruleId: 's', ruleVersion: 3, recipient: 'ben' },
  ]);
});

it('a tenant whose rules do very much stops at its share, behind a whole event, and holds nobody up', async () => {
  const two = standing({ then: [{ notify: { user: 'jane' } }, { notify: { user: 'ben' } }] });
  const OTHER = '6c2f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a12';
  const events = [5n, 6n, 7n].map((position) => event({ position })).concat(event({ tenantId: OTHER, position: 9n }));
  const { effects, stopped } = await decided(considered(events, rulesOf(two)), builtInTypes, 3);
  expect(effects.map(({ position }) => position)).toEqual([5n, 5n, 6n, 6n, 9n, 9n]);
  expect([...stopped]).toEqual([[TENANT, 6n]]);
});

it('a payload of an older version is looked at as it reads today', async () => {
  const types: TypeRegistry = {
    resolve: (name, tenantId) => ({
      ...builtInTypes.resolve(name, tenantId)!,
      readToday: (version, payload) => ({
        version: 2,
        payload: version === 1 ? { messageId: `new ${String(payload['messageId'])}` } : payload,
      }),
    }),
  };
  const rule = standing({ if: { field: 'payload.messageId', op: 'eq', value: 'new m' } });
  const effects = async (version: number) => (await decided(considered([event({ version })], rulesOf(rule)), types)).effects;
  expect([(await effects(1)).length, (await effects(2)).length]).toEqual([1, 0]);
});

describe('a change of tags', () => {
  const tagged = event({
    type: 'contact.tagged',
    payload: { tag: 'vip' },
    entities: [
      { type: 'lead', id: 'l' },
      { type: 'account', id: 'a' },
    ],
  });
  it('belongs to what the event is primarily about', () => {
    expect(tagChangeOf(tagged)).toMatchObject([{ entity: { type: 'lead', id: 'l' }, tag: 'vip', added: true, position: 5n }]);
    expect(tagChangeOf({ ...tagged, type: 'contact.untagged' })).toMatchObject([{ added: false }]);
  });
  it('is none without a tag, and none in other events', () => {
    expect([...tagChangeOf({ ...tagged, payload: null }), ...tagChangeOf({ ...tagged, type: 'note.added' })]).toEqual([]);
  });
});
