import { eventDefinition } from '#libs/contracts';
import { aRuleEvent } from './a-rule-event.js';
import { compileTrigger, parseTrigger } from './trigger.js';

const parse = (value: Record<string, unknown>, pointer?: string) => parseTrigger(value, (name) => eventDefinition(name), pointer);

describe('a trigger', () => {
  it('starts on its types, by any name, where its condition holds', () => {
    const parsed = parse({ on: ['deal_won', 'form.submitted'] });
    expect(parsed).toEqual({ outcome: 'trigger', trigger: { on: ['deal.won', 'form.submitted'] } });
    const pricing = parse({ on: ['form.submitted'], if: { field: 'payload.formName', op: 'eq', value: 'pricing' }, name: 'left alone' });
    if (pricing.outcome !== 'trigger') throw new Error('refused');
    const asks = compileTrigger(pricing.trigger);
    const submitted = (formName: string) => aRuleEvent({ type: 'form.submitted', payload: { formName } });
    expect([asks(submitted('pricing')), asks(submitted('other')), asks(aRuleEvent({ type: 'deal.won' }))]).toEqual([true, false, false]);
  });

  it.each([
    [{ on: [] }, '/exitOn/0/on'],
    [{ on: ['no.such'] }, '/exitOn/0/on/0'],
    [{ on: ['email.opened'], if: { field: 'payload.nothing', op: 'eq', value: 1 } }, '/exitOn/0/if/field'],
    [
      { on: ['email.opened'], if: { any: [{ not: { field: 'contact.tags', op: 'includes', value: 'vip' } }] } },
      '/exitOn/0/if/any/0/not/field',
    ],
  ])('%j is refused at %s', (value, pointer) => {
    const parsed = parse(value, '/exitOn/0');
    expect(parsed.outcome === 'refused' && parsed.faults[0]?.pointer).toBe(pointer);
  });
});
