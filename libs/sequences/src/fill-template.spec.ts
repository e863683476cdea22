import fc from 'fast-check';
import { escapeHtml, fillTemplate, lineOf, unknownBlanks } from './fill-template.js';
import { isAddress } from './is-address.js';

describe('a template', () => {
  it.each([
    ['Dear {{name}}', 'Sam Doe', 'Dear Sam Doe'],
    ['Hello {{ firstName }}!', 'Sam Doe', 'Hello Sam!'],
    ['Hello {{firstName|there}}!', undefined, 'Hello there!'],
    ['Hello {{firstName}}!', ' ', 'Hello !'],
    ['{{name}}', '{{name}}', '{{name}}'],
  ])('%s for %s reads %s', (text, name, expected) => expect(fillTemplate(text, name === undefined ? {} : { name })).toBe(expected));

  it('names blanks that nobody could fill', () => {
    expect(unknownBlanks('{{name}} {{company}} {{ zip|none }}')).toEqual(['{{company}}', '{{ zip|none }}']);
  });

  it('never lets a name end a line or an element', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(fillTemplate('{{name}}', { name })).not.toMatch(/[\r\n\0]/);
        expect(fillTemplate('{{name}}', { name }, escapeHtml)).not.toMatch(/[<>"']/);
        expect(lineOf(name).length).toBeLessThanOrEqual(200);
      }),
    );
  });
});

describe('an address', () => {
  it.each(['sam@example.com', 'sam.doe+tag@mail.example.co.uk', 'jörg@müller.example'])('%s is one', (text) =>
    expect(isAddress(text)).toBe(true),
  );
  it.each([
    '',
    'sam',
    'sam@localhost',
    'a@b.example, c@d.example',
    'sam@example.com\r\nBcc: x@example.com',
    '"x y"@example.com',
    'Sam <sam@example.com>',
    'a@-b.example',
    7,
    null,
  ])('%j is none', (text) => expect(isAddress(text)).toBe(false));
  it('is told from any text in linear time', () => {
    const began = performance.now();
    for (const text of [`${'a'.repeat(64)}@${'a-'.repeat(120)}`, `${'a@'.repeat(120)}`, `x@${'a.'.repeat(120)}`])
      expect(isAddress(text)).toBe(false);
    expect(performance.now() - began).toBeLessThan(200);
  });
});
