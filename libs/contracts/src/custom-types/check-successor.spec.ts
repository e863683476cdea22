import { aRow, aType } from './a-type.fixture.js';
import { checkNamesAreFree, checkSuccessor } from './check-successor.js';
import type { TypeDefinition } from './type-definition.js';

const first = aRow(aType({ examples: [{ durationSeconds: 900 }] }));
const inMinutes = (more: Partial<TypeDefinition> = {}): TypeDefinition =>
  aType({
    schema: { type: 'object', properties: { minutes: { type: 'number' } }, required: ['minutes'] },
    summary: 'held a demo',
    ...more,
  });
const renaming = [{ from: 1, to: 2, ops: [{ rename: { from: 'durationSeconds', to: 'minutes' } }] }];

describe('a new version', () => {
  it('is taken where it reads what was there', () => {
    expect(checkSuccessor([first], aType({ summary: 'held one' }))).toEqual([]);
    expect(checkSuccessor([first], inMinutes({ upcasters: renaming }))).toEqual([]);
  });

  it('is refused where an example of an earlier version does not fit, and names it', () => {
    expect(checkSuccessor([first], inMinutes())).toEqual([
      { pointer: '/schema', message: expect.stringMatching(/^example 1 of version 1 would not be readable .*minutes/) as string },
    ]);
  });

  it('is refused where a stored event does not fit, without telling what stands in it', () => {
    const stored = [{ version: 1, payload: { durationSeconds: 'secret' } }];
    const [fault] = checkSuccessor([{ ...first, definition: aType() }], inMinutes({ upcasters: renaming }), stored);
    expect(fault?.pointer).toBe('/upcasters/0');
    expect(fault?.message).not.toContain('secret');
  });

  it('is refused with an upcaster that leads to another version', () => {
    expect(checkSuccessor([], inMinutes({ upcasters: renaming }))).toMatchObject([{ pointer: '/upcasters/0/to' }]);
    expect(checkSuccessor([first, aRow(aType(), 2)], inMinutes({ upcasters: renaming }))).toMatchObject([{ pointer: '/upcasters/0/to' }]);
  });

  it('takes no name that another type of the tenant has', () => {
    const demo = aType({ aliases: ['demo', 'talk_given'] });
    expect(checkNamesAreFree(aType({ type: 'custom.other', aliases: ['demo_held'] }), [demo])).toMatchObject([{ pointer: '/aliases/0' }]);
    expect(checkNamesAreFree(aType({ type: 'custom.other', aliases: ['demo'] }), [demo])).toMatchObject([{ pointer: '/aliases/0' }]);
    expect(checkNamesAreFree(aType({ type: 'custom.talk_given' }), [demo])).toMatchObject([{ pointer: '/type' }]);
    expect(checkNamesAreFree(aType({ type: 'custom.other', aliases: ['other_thing'] }), [demo])).toEqual([]);
  });
});
