import fc from 'fast-check';
import { EVENT_TYPES, eventDefinition } from '#libs/contracts';
import { compileRule } from './compile-rule.js';
import { aRuleEvent } from './a-rule-event.js';
import { parseRule } from './parse-rule.js';
import { OPERATORS } from './rule.js';

const VIP = {
  name: 'vip opened',
  on: ['email_opened'],
  if: { all: [{ field: 'contact.tags', op: 'includes', value: 'vip' }] },
  then: [{ notify: { user: 'rep-1' } }],
  maxAgeHours: 4,
};
const parse = (rule: unknown) => parseRule(rule, eventDefinition);
const faultsOf = (rule: unknown) => {
  const parsed = parse(rule);
  return parsed.outcome === 'refused' ? parsed.faults.map(({ pointer, message }) => `${pointer} ${message}`) : [];
};
const given = (on: string[], condition: unknown) => faultsOf({ ...VIP, on, if: condition });

describe('a rule that is saved', () => {
  it('names types by any alias, and is kept with their canonical names', () => {
    expect(parse(VIP)).toEqual({ outcome: 'rule', rule: { ...VIP, on: ['email.opened'] } });
    expect(parse({ ...VIP, on: ['email_clicked', 'email.opened', 'email_opened'] })).toMatchObject({
      rule: { on: ['email.clicked', 'email.opened'] },
    });
  });

  it.each([
    ['deal.won', 'payload.amount', 'gt', 10_000],
    ['deal.won', 'payload.currency', 'in', ['EUR', 'USD']],
    ['signal.detected', 'payload.strength', 'gte', 0.5],
    ['email.opened', 'payload.machine', 'ne', true],
    ['reservation.booked', 'payload.startsAt', 'lt', '2026-01-05T14:30:00Z'],
    ['lead.score_updated', 'payload.topFactors', 'includes', 'visited_pricing_page'],
    ['form.submitted', 'payload.fields', 'exists', true],
    ['note.added', 'actor.type', 'eq', 'agent'],
    ['note.added', 'account.id', 'startsWith', 'acc-'],
    ['note.added', 'source', 'contains', 'dialler'],
    ['note.added', 'occurredAt', 'gte', '2026-01-01T00:00:00+02:00'],
  ])('may ask on %s whether %s %s %j', (type, field, op, value) => {
    expect(given([type], { field, op, value })).toEqual([]);
  });
});

describe('a rule that cannot be evaluated is refused, with a pointer to the fault', () => {
  it.each([
    ['an unknown type', { ...VIP, on: ['email.opened', 'email.opend'] }, '/on/1 is no known type'],
    ['what annals itself sends', { ...VIP, on: ['notification.created'] }, '/on/0 never starts a rule'],
    ['no type', { ...VIP, on: [] }, '/on must be a list'],
    ['no action', { ...VIP, then: [] }, '/then must be a list'],
    ['an unknown action', { ...VIP, then: [{ call: 'https://example.com' }] }, '/then/0 must be an action'],
    ['nobody to tell', { ...VIP, then: [{ notify: {} }] }, '/then/0/notify must hold either user or userFrom'],
    [
      'a recipient from a number',
      { ...VIP, on: ['signal.detected'], if: undefined, then: [{ notify: { userFrom: 'payload.strength' } }] },
      '/then/0/notify/userFrom is number',
    ],
    ['an age of nothing', { ...VIP, maxAgeHours: 0 }, '/maxAgeHours must be'],
    ['an unknown member', { ...VIP, priority: 1 }, '/priority is not known here'],
    ['a blank name', { ...VIP, name: '  ' }, '/name must be text'],
  ])('%s', (_, rule, fault) => {
    expect(faultsOf(rule)[0]).toMatch(fault);
  });

  it.each([
    [
      'a field of no type',
      ['email.opened'],
      { field: 'payload.nope', op: 'eq', value: 1 },
      '/if/field the payload of email.opened has no such field',
    ],
    [
      'a field that one type lacks',
      ['email.opened', 'note.added'],
      { field: 'payload.messageId', op: 'exists' },
      '/if/field the payload of note.added',
    ],
    [
      'a field of another kind in another type',
      ['reservation.booked', 'deal.won', 'order.placed'],
      { field: 'payload.amount', op: 'gt', value: 1 },
      '/if/field the payload of order.placed',
    ],
    ['a member of every object', ['email.opened'], { field: 'payload.toString', op: 'exists' }, '/if/field'],
    [
      'tags of what has none',
      ['email.opened'],
      { field: 'account.tags', op: 'includes', value: 'vip' },
      '/if/field only contact, lead, merchant',
    ],
    ['more than text of text', ['email.opened'], { field: 'payload.messageId', op: 'gt', value: 'a' }, '/if/op means nothing for text'],
    ['text for a number', ['signal.detected'], { field: 'payload.strength', op: 'gt', value: '0.5' }, '/if/value must be a number'],
    ['a value there never is', ['email.bounced'], { field: 'payload.bounceType', op: 'eq', value: 'medium' }, '/if/value is never that'],
    ['a type it does not start on', ['email.bounced'], { field: 'type', op: 'eq', value: 'email.opened' }, '/if/value is never that'],
    ['no operator', ['email.opened'], { all: [{ field: 'source' }] }, '/if/all/0/op must be one of'],
    ['an empty list', ['email.opened'], { any: [] }, '/if/any must be a list'],
    ['two kinds at once', ['email.opened'], { all: [{ field: 'source', op: 'exists' }], any: [] }, '/if/any is not known here'],
    ['a negation of nothing', ['email.opened'], { not: null }, '/if/not must be an object'],
  ])('%s', (_, on, condition, fault) => {
    expect(given(on, condition)[0]).toMatch(fault);
  });

  it('nesting and size are bounded', () => {
    const leaf = { field: 'source', op: 'exists' };
    const deep = (levels: number): unknown => (levels === 0 ? leaf : { not: deep(levels - 1) });
    expect(given(['email.opened'], deep(7))).toEqual([]);
    expect(given(['email.opened'], deep(50))[0]).toMatch(/nested more than 8 deep/);
    const wide = { all: Array.from({ length: 20 }, () => ({ any: Array.from({ length: 20 }, () => leaf) })) };
    expect(given(['email.opened'], wide)).toEqual([expect.stringMatching('is one of more than 100 conditions')]);
  });
});

describe('whatever it is given', () => {
  const anything = fc.jsonValue({ maxDepth: 6 });
  const fields = fc.oneof(
    fc.constantFrom(
      'type',
      'source',
      'actor.id',
      'contact.tags',
      'lead.id',
      'occurredAt',
      'payload.amount',
      'payload.machine',
      'payload.x.y',
      '__proto__',
      'payload.__proto__',
    ),
    fc.string(),
  );
  const comparison = fc.record({
    field: fields,
    op: fc.constantFrom(...OPERATORS),
    value: fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.array(fc.string())),
  });
  const { condition } = fc.letrec((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small' },
      comparison,
      fc.record({ all: fc.array(tie('condition'), { maxLength: 4 }) }),
      fc.record({ any: fc.array(tie('condition'), { maxLength: 4 }) }),
      fc.record({ not: tie('condition') }),
      anything,
    ),
  }));
  const rule = fc.record({
    name: fc.oneof(fc.constant('a name'), anything),
    on: fc.array(fc.constantFrom(...EVENT_TYPES), { maxLength: 3 }),
    if: condition,
    then: fc.constant([{ notify: { user: 'rep-1' } }, { notify: { userFrom: 'mentions' } }]),
  });

  it('it answers, and what it accepts can be asked about any event', () => {
    fc.assert(
      fc.property(
        fc.oneof(rule, anything),
        fc.dictionary(fc.string(), anything),
        fc.constantFrom(...EVENT_TYPES),
        (given, payload, type) => {
          const parsed = parse(given);
          if (parsed.outcome === 'refused') return expect(parsed.faults.length).toBeGreaterThan(0);
          const decision = compileRule(parsed.rule).decide(aRuleEvent({ type, payload }));
          expect(['quiet', 'fired']).toContain(decision.outcome);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('what it accepts it accepts again, unchanged, after a way through JSON', () => {
    fc.assert(
      fc.property(rule, (given) => {
        const parsed = parse(given);
        if (parsed.outcome === 'rule') expect(parse(JSON.parse(JSON.stringify(parsed.rule)))).toEqual(parsed);
      }),
      { numRuns: 1000 },
    );
  });
});
