/** Whom a message is for, as far as it may say so. */
export interface Addressee {
  readonly name?: string;
}

const BLANK = /\{\{\s*([A-Za-z]+)\s*(?:\|([^{}]*))?\}\}/g;
const KNOWN = ['name', 'firstName'];

/** Blanks of a text that nobody could fill. */
export function unknownBlanks(text: unknown): string[] {
  if (typeof text !== 'string') return [];
  return [...text.matchAll(BLANK)].flatMap(([blank, name = '']) => (KNOWN.includes(name) ? [] : [blank.slice(0, 64)]));
}

/** Fills `{{name}}` and `{{firstName}}`; `{{firstName|there}}` says what stands where no name is known, otherwise nothing does. */
export function fillTemplate(text: string, { name }: Addressee, escape: (value: string) => string = (value) => value): string {
  return text.replace(BLANK, (_, blank: string, otherwise = '') => {
    const known = lineOf(blank === 'firstName' ? name?.trim().split(/\s+/)[0] : name);
    return known === '' ? String(otherwise) : escape(known);
  });
}

/** A name is somebody else's text: no line break of it may reach a header. */
export function lineOf(text: string | undefined): string {
  return (text ?? '')
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, 200);
}

/** For text that is put into HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
