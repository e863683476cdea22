import { compileRule } from './compile-rule.js';

/** Stands where other effects have the id of a tenant's rule. */
export const MENTION_RULE_ID = 'mention';

/** The rule every tenant has: who is mentioned in a comment is told (seed 002). */
export const mentionRule = compileRule({
  name: 'mentioned in a comment',
  on: ['comment.added'],
  then: [{ notify: { userFrom: 'mentions' } }],
});
