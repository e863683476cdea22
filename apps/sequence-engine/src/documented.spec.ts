import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventDefinition } from '#libs/contracts';
import { parseTrigger } from '#libs/rules';
import { parsePlaybook, parseSequence, type ReadTrigger } from '#libs/sequences';
import { repositoryRoot } from '#libs/testing';

const readTrigger: ReadTrigger = (value, pointer) => parseTrigger(value, (name) => eventDefinition(name), pointer);
const page = readFileSync(join(repositoryRoot(), 'docs/sequences.md'), 'utf8');
const [sequence, playbook] = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, json]) => JSON.parse(json ?? '') as object);

it('what docs/sequences.md shows is accepted', () => {
  expect(parseSequence({ id: 'welcome', ...sequence }, readTrigger)).toMatchObject({ outcome: 'sequence' });
  expect(parsePlaybook({ id: 'rescue', ...playbook }, readTrigger)).toMatchObject({ outcome: 'playbook' });
});

it('the exits that a sequence has by itself are such as anybody could write', () => {
  const parsed = parseSequence({ id: 'welcome', ...sequence }, readTrigger);
  if (parsed.outcome === 'refused') throw new Error('refused');
  expect(parseSequence(JSON.parse(JSON.stringify(parsed.sequence)), readTrigger)).toEqual(parsed);
});
