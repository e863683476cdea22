import { aType } from './a-type.fixture.js';
import { checkDefinition, checkSize } from './check-definition.js';
import type { TypeInput } from './read-definition.js';

const pointersOf = (wanted: Partial<TypeInput>): string[] => checkDefinition(aType(wanted)).map(({ pointer }) => pointer);
/** One field `a` of this schema. */
const withField = (a: unknown, more: object = {}): Partial<TypeInput> => ({
  schema: { type: 'object', properties: { a }, ...more },
  summary: 'did it',
});
const refused = (wanted: unknown): Partial<TypeInput> => wanted as Partial<TypeInput>;

describe('a definition', () => {
  it.each<[string, Partial<TypeInput>]>([
    ['as in the catalogue', { pii: ['attendee'], examples: [{ attendee: 'Ada Marsh', durationSeconds: 1800 }] }],
    ['without fields', { schema: { type: 'object' }, summary: 'did it' }],
    [
      'of definitions used twice',
      withField({ $ref: '#/$defs/b' }, { $defs: { b: { type: 'array', items: { $ref: '#/$defs/c' } }, c: { type: 'string' } } }),
    ],
    ['of either or', withField({ type: 'string' }, { anyOf: [{ required: ['a'] }, { required: ['b'] }] })],
    ['of known formats', withField({ type: 'string', format: 'date' })],
    ['with its dialect', { schema: { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' }, summary: 'did it' }],
    ['for customers', { visibility: 'customer', customerFields: ['durationSeconds'] }],
    [
      'with an upcaster',
      { upcasters: [{ from: 1, to: 2, ops: [{ drop: { field: '/a/b' } }, { mapValue: { field: 'a', map: { x: 1 } } }] }] },
    ],
    ['with a conditional sentence', { summary: 'held a demo[[?attendee: with {attendee|excerpt:20}]][[!attendee: alone]]' }],
  ])('is taken %s', (_, wanted) => {
    expect(checkDefinition(aType(wanted))).toEqual([]);
  });

  it.each<[string, string, Partial<TypeInput>]>([
    ['a name outside custom.*', '/type', { type: 'deal.won' }],
    ['a name of two parts', '/type', { type: 'custom.demo.held' }],
    ['a schema of something else than an object', '/schema/type', refused({ schema: { type: 'array' } })],
    ['another dialect', '/schema/$schema', { schema: { type: 'object', $schema: 'http://json-schema.org/draft-07/schema#' } }],
    ['a malformed keyword', '/schema/properties/a/type', withField({ type: 'strin' })],
    ['a keyword without its type', '/schema/properties/a', withField({ minimum: 1 })],
    ['an unknown keyword', '/schema/properties/a/minumum', withField({ type: 'number', minumum: 1 })],
    ['an unknown format', '/schema/properties/a/format', withField({ type: 'string', format: 'phone' })],
    ['a schema with an id', '/schema/$id', withField(true, { $id: 'urn:x' })],
    ['a reference to elsewhere', '/schema/properties/a/$ref', withField({ $ref: 'https://example.com/a.json' })],
    ['a reference to the whole', '/schema/properties/a/$ref', withField({ $ref: '#' })],
    ['a reference to nothing', '/schema/properties/a/$ref', withField({ $ref: '#/$defs/a' })],
    [
      'a circle',
      '/schema/$defs/b/items/$ref',
      withField({ $ref: '#/$defs/b' }, { $defs: { b: { type: 'array', items: { $ref: '#/$defs/b' } } } }),
    ],
    ['a pattern that explodes', '/schema/properties/a/pattern', withField({ type: 'string', pattern: '^(a+)+$' })],
    ['a pattern that is none', '/schema/properties/a/pattern', withField({ type: 'string', pattern: '(' })],
    ['unique items without bound', '/schema/properties/a/uniqueItems', withField({ type: 'array', items: {}, uniqueItems: true })],
    ['a required field that is none', '/schema/required/0', { schema: { type: 'object', required: ['a'] }, summary: 'did it' }],
    ['an unknown field in the sentence', '/summary', { summary: 'held {demo}' }],
    ['an unknown condition in the sentence', '/summary', { summary: 'held[[?demo: it]]' }],
    ['an unknown filter', '/summary', { summary: 'held {attendee|upper}' }],
    ['a filter without its argument', '/summary', { summary: 'held {attendee|excerpt}' }],
    ['a brace left open', '/summary', { summary: 'held {attendee' }],
    ['groups that nest', '/summary', { summary: 'held [[a [[{attendee}]] b]]' }],
    ['no sentence', '/summary', { summary: ' ' }],
    ['an unknown tab', '/tabs/1', refused({ tabs: ['email', 'demos'] })],
    ['an unknown record type', '/primary/0', refused({ primary: ['planet'] })],
    ['a record without a timeline', '/primary/0', { primary: ['user'] }],
    ['no record type', '/primary', { primary: [] }],
    ['an icon that is none', '/icon', { icon: '<img>' }],
    ['a personal field that is none', '/pii/0', { pii: ['phone'] }],
    ['a grouping by no field', '/groupBy/0', { groupBy: ['phone'] }],
    ['fields for customers of a type for staff', '/customerFields', { customerFields: ['attendee'] }],
    ['an alias that is built in', '/aliases/0', { aliases: ['email_opened'] }],
    ['an alias in the name space of types', '/aliases/0', { aliases: ['custom.other'] }],
    ['a weight beyond all measure', '/scoreWeight', { scoreWeight: 1e9 }],
    ['an example that does not fit', '/examples/1/durationSeconds', { examples: [{}, { durationSeconds: -1 }] }],
    ['an upcaster over two versions', '/upcasters/0/to', { upcasters: [{ from: 1, to: 3, ops: [{ drop: { field: 'a' } }] }] }],
    ['a step that is none', '/upcasters/0/ops/0', refused({ upcasters: [{ from: 1, to: 2, ops: [{ delete: { field: 'a' } }] }] })],
    [
      'a step that lacks a part',
      '/upcasters/0/ops/0/rename/to',
      refused({ upcasters: [{ from: 1, to: 2, ops: [{ rename: { from: 'a' } }] }] }),
    ],
  ])('is refused for %s, at %s', (_, pointer, wanted) => {
    expect(pointersOf(wanted)).toContain(pointer);
  });

  it('is refused where definitions multiply each other', () => {
    const names = 'abcdefghijklmnop'.split('');
    const $defs = Object.fromEntries(
      names.map((name, i) => [
        name,
        names[i + 1] ? { anyOf: [{ $ref: `#/$defs/${names[i + 1]}` }, { $ref: `#/$defs/${names[i + 1]}` }] } : true,
      ]),
    );
    expect(pointersOf(withField({ $ref: '#/$defs/a' }, { $defs }))).toEqual(['/schema']);
  });

  it('is refused where patterns, each bounded, add up', () => {
    const pattern = { type: 'string', maxLength: 250, pattern: '^[a-z]+[a-z]+$' };
    expect(pointersOf(withField({ anyOf: Array(4).fill(pattern) }))).toEqual([]);
    expect(pointersOf(withField({ anyOf: Array(6).fill(pattern) }))).toEqual(['/schema']);
    expect(pointersOf(withField({ anyOf: Array(6).fill({ $ref: '#/$defs/b' }) }, { $defs: { b: pattern } }))).toEqual(['/schema']);
  });

  it('is refused when it is huge or deep, before anything walks through it', () => {
    let deep: unknown = true;
    for (let i = 0; i < 1_000; i++) deep = { not: deep };
    expect(checkSize(aType(withField(deep)))).toHaveLength(1);
    expect(checkSize(aType({ description: 'x'.repeat(70_000) }))).toHaveLength(1);
    expect(pointersOf(withField(deep))).toEqual(['']);
  });
});
