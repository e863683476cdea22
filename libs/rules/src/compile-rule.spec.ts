import fc from 'fast-check';
import { eventDefinition } from '#libs/contracts';
import { aRuleEvent } from './a-rule-event.js';
import { compileRule } from './compile-rule.js';
import { mentionRule } from './mention.js';
import { parseRule } from './parse-rule.js';
import type { Condition, Rule, RuleEvent } from './rule.js';

function compiled(rule: Partial<Record<keyof Rule, unknown>>) {
  const parsed = parseRule({ name: 'r', on: ['email.opened'], then: [{ notify: { user: 'rep-1' } }], ...rule }, eventDefinition);
  if (parsed.outcome === 'refused') throw new Error(JSON.stringify(parsed.faults));
  return compileRule(parsed.rule);
}
const fires = (on: string, condition: unknown, event: Parameters<typeof aRuleEvent>[0]): boolean =>
  compiled({ on: [on], if: condition }).decide(aRuleEvent({ type: on, ...event })).outcome === 'fired';

describe('seed 002’s rule: if email_opened on contact tagged vip, notify rep', () => {
  const rule = compiled({ if: { all: [{ field: 'contact.tags', op: 'includes', value: 'vip' }] }, maxAgeHours: 4 });

  it('given a contact with the tag, tells the rep', () => {
    const event = aRuleEvent({ tags: { 'contact/contact-abc': ['warm', 'vip'] } });
    expect(rule.decide(event)).toEqual({ outcome: 'fired', recipients: ['rep-1'] });
    expect([...rule.tagged]).toEqual(['contact']);
  });

  it('given another tag, or the tag on a record of another type, says nothing', () => {
    expect(rule.decide(aRuleEvent({ tags: { 'contact/contact-abc': ['VIP'] } }))).toEqual({ outcome: 'quiet' });
    const lead = aRuleEvent({ entities: [{ type: 'lead', id: 'l' }], tags: { 'lead/l': ['vip'] } });
    expect(rule.decide(lead)).toEqual({ outcome: 'quiet' });
  });

  it('given history that is brought in later, or news that is old, says why it is held', () => {
    const event = aRuleEvent({ tags: { 'contact/contact-abc': ['vip'] } });
    const later = (hours: number): RuleEvent => ({ ...event, appendedAt: event.occurredAt + BigInt(Math.round(hours * 3_600_000_000)) });
    expect(rule.decide({ ...event, ingestMode: 'backfill' }).outcome).toBe('held: backfill');
    expect([rule.decide(later(4)).outcome, rule.decide(later(4.001)).outcome]).toEqual(['fired', 'too old']);
    expect(rule.decide({ ...event, takenBack: true }).outcome).toBe('retracted');
    expect(rule.decide({ ...event, takenBack: true, ingestMode: 'backfill' }).outcome).toBe('held: backfill');
  });
});

it('a user whose id is as long as ids may be, in letters of two code units, is told', () => {
  const recipientsOf = (id: string) => {
    const decision = mentionRule.decide(aRuleEvent({ type: 'comment.added', payload: { mentions: [id] } }));
    return decision.outcome === 'quiet' ? [] : decision.recipients;
  };
  const longest = '🙂'.repeat(255);
  expect([recipientsOf(longest), recipientsOf(`${longest}a`), recipientsOf('')]).toEqual([[longest], [], []]);
});

describe('conditions', () => {
  it.each([
    [
      'amounts in text compare as numbers',
      'deal.won',
      { field: 'payload.amount', op: 'gt', value: 9 },
      { payload: { amount: '12500.00' } },
      true,
    ],
    ['and equal them', 'deal.won', { field: 'payload.amount', op: 'eq', value: 12.5 }, { payload: { amount: '12.50' } }, true],
    ['what is absent is not more', 'deal.won', { field: 'payload.amount', op: 'gt', value: 0 }, { payload: {} }, false],
    ['nor less', 'deal.won', { field: 'payload.amount', op: 'lt', value: 0 }, { payload: null }, false],
    ['what is absent differs', 'email.opened', { field: 'payload.machine', op: 'ne', value: true }, { payload: {} }, true],
    [
      'null is absent',
      'lead.score_updated',
      { field: 'payload.previousScore', op: 'exists', value: false },
      { payload: { previousScore: null } },
      true,
    ],
    [
      'times compare as moments',
      'reservation.booked',
      { field: 'payload.startsAt', op: 'gte', value: '2026-01-05T14:30:00Z' },
      { payload: { startsAt: '2026-01-05T15:30:00+01:00' } },
      true,
    ],
    [
      'a list holds',
      'lead.score_updated',
      { field: 'payload.topFactors', op: 'includes', value: 'b' },
      { payload: { topFactors: ['a', 'b'] } },
      true,
    ],
    [
      'one of several records is enough',
      'note.added',
      { field: 'contact.id', op: 'eq', value: 'c-2' },
      {
        entities: [
          { type: 'contact', id: 'c-1' },
          { type: 'contact', id: 'c-2' },
        ],
      },
      true,
    ],
    [
      'none may be the one that is excluded',
      'note.added',
      { field: 'contact.id', op: 'ne', value: 'c-2' },
      {
        entities: [
          { type: 'contact', id: 'c-1' },
          { type: 'contact', id: 'c-2' },
        ],
      },
      false,
    ],
    [
      'a value of another kind does not hold',
      'email.opened',
      { field: 'payload.messageId', op: 'contains', value: '1' },
      { payload: { messageId: 1 } },
      false,
    ],
  ] as const)('%s', (_, on, condition, event, expected) => {
    expect(fires(on, condition, event)).toBe(expected);
  });

  it('all, any and not are those of logic', () => {
    const leaf = (truth: boolean): Condition => ({ field: 'source', op: 'exists', value: truth });
    const { formula } = fc.letrec<{ formula: [Condition, boolean] }>((tie) => ({
      formula: fc.oneof(
        { depthSize: 'small', maxDepth: 5 },
        fc.boolean().map((truth): [Condition, boolean] => [leaf(truth), truth]),
        fc
          .array(tie('formula'), { minLength: 1, maxLength: 3 })
          .map((parts): [Condition, boolean] => [{ all: parts.map(([part]) => part) }, parts.every(([, truth]) => truth)]),
        fc
          .array(tie('formula'), { minLength: 1, maxLength: 3 })
          .map((parts): [Condition, boolean] => [{ any: parts.map(([part]) => part) }, parts.some(([, truth]) => truth)]),
        tie('formula').map(([part, truth]): [Condition, boolean] => [{ not: part }, !truth]),
      ),
    }));
    fc.assert(
      fc.property(formula, ([condition, truth]) => {
        const rule = compileRule({ name: 'r', on: ['note.added'], if: condition, then: [{ notify: { user: 'u' } }] });
        expect(rule.decide(aRuleEvent()).outcome).toBe(truth ? 'fired' : 'quiet');
      }),
    );
  });
});

describe('before tags are known', () => {
  const tag = { field: 'contact.tags', op: 'includes', value: 'vip' };
  const no = { field: 'source', op: 'exists', value: false };
  it.each([
    ['a tag that is asked for may be there', tag, true],
    ['or may not be there', { not: tag }, true],
    ['what fails for another reason fails', { all: [no, tag] }, false],
    ['also when the tag decides something within', { all: [no, { not: { any: [tag, { not: tag }] } }] }, false],
    ['what may hold for another reason may hold', { any: [no, { not: tag }] }, true],
  ])('%s', (_, condition, expected) => {
    expect(compiled({ if: condition }).mayMatch(aRuleEvent())).toBe(expected);
  });

  it('no rule that matches with any tags is passed over', () => {
    const leaf = fc.constantFrom<Condition>(tag as Condition, no as Condition, { ...tag, value: 'warm' } as Condition, {
      field: 'source',
      op: 'exists',
      value: true,
    });
    const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
      condition: fc.oneof(
        { depthSize: 'small', maxDepth: 5 },
        leaf,
        fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((all): Condition => ({ all })),
        fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((any): Condition => ({ any })),
        tie('condition').map((not): Condition => ({ not })),
      ),
    }));
    fc.assert(
      fc.property(condition, fc.subarray(['vip', 'warm']), (given, tags) => {
        const rule = compileRule({ name: 'r', on: ['email.opened'], if: given, then: [{ notify: { user: 'u' } }] });
        const event = aRuleEvent({ tags: { 'contact/contact-abc': tags } });
        if (rule.decide(event).outcome !== 'quiet') expect(rule.mayMatch(event)).toBe(true);
      }),
    );
  });
});

describe('recipients', () => {
  it('are told once, however often they are named', () => {
    const then = [{ notify: { user: 'jane' } }, { notify: { userFrom: 'actor' } }, { notify: { userFrom: 'payload.reason' } }];
    const rule = compiled({ on: ['email.bounced'], then });
    const event = aRuleEvent({ type: 'email.bounced', actor: { type: 'human', id: 'jane' }, payload: { reason: 'ben' } });
    expect(rule.decide(event)).toEqual({ outcome: 'fired', recipients: ['jane', 'ben'] });
    expect(rule.decide({ ...event, actor: { type: 'system', id: 'pixel' }, payload: null })).toMatchObject({ recipients: ['jane'] });
  });

  it('are all told, however many they are', () => {
    const mentions = Array.from({ length: 5_000 }, (_, i) => `user-${i}`);
    expect(mentionRule.decide(aRuleEvent({ type: 'comment.added', payload: { mentions } }))).toEqual({
      outcome: 'fired',
      recipients: mentions,
    });
  });

  it('of a mention are those in the payload and those referred to; a comment without any tells nobody', () => {
    const comment = aRuleEvent({
      type: 'comment.added',
      payload: { mentions: ['jane', 'ben', 'jane', ''] },
      entities: [
        { type: 'lead', id: 'l' },
        { type: 'user', id: 'eva', role: 'mentioned' },
        { type: 'user', id: 'ben', role: 'mentioned' },
        { type: 'user', id: 'owner' },
      ],
    });
    expect(mentionRule.decide(comment)).toEqual({ outcome: 'fired', recipients: ['jane', 'ben', 'eva'] });
    expect(mentionRule.decide({ ...comment, payload: {}, entities: [] })).toEqual({ outcome: 'quiet' });
  });
});
