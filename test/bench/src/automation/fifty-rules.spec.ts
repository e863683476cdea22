import { eventDefinition } from '#libs/contracts';
import { parseRule } from '#libs/rules';
import { FIFTY_RULES } from './fifty-rules.js';

it('there are fifty, and every one could be saved', () => {
  expect(FIFTY_RULES).toHaveLength(50);
  const refused = FIFTY_RULES.map((rule) => parseRule(rule, eventDefinition)).filter(({ outcome }) => outcome === 'refused');
  expect(refused).toEqual([]);
});
