import type { RuleEvent } from './rule.js';

/** Events for specs. */
export function aRuleEvent(wanted: Partial<RuleEvent> & { readonly tags?: Readonly<Record<string, readonly string[]>> } = {}): RuleEvent {
  const { tags = {}, ...given } = wanted;
  return {
    type: 'email.opened',
    source: '/producers/email-webhook',
    actor: { type: 'system', id: 'pixel' },
    occurredAt: 1_767_623_400_000_000n,
    appendedAt: 1_767_623_401_000_000n,
    ingestMode: 'live',
    takenBack: false,
    entities: [{ type: 'contact', id: 'contact-abc' }],
    payload: { messageId: 'msg-1' },
    tagsOf: ({ type, id }) => tags[`${type}/${id}`] ?? [],
    ...given,
  };
}
