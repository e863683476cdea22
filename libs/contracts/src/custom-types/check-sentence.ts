import { FILTERS } from '../sentence/filters.js';
import { parseTemplate, type Choice, type Part } from '../sentence/template.js';

const LONGEST = 500;
const LONGEST_EXCERPT = 1_000;
/** The template language has no name for other fields. */
const FIELD = /^[A-Za-z][A-Za-z0-9_]*$/;

/** What is wrong with a sentence for payloads with these fields; `undefined`: nothing. Braces that form no part are named, not printed as text. */
export function sentenceFault(template: string, fields: readonly string[]): string | undefined {
  if (template.trim() === '' || template.length > LONGEST) return `must be 1 to ${LONGEST} characters long`;
  return firstFault(parseTemplate(template), new Set(fields));
}

function firstFault(parts: readonly Part[], fields: ReadonlySet<string>): string | undefined {
  for (const part of parts) {
    const fault = partFault(part, fields);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function partFault(part: Part, fields: ReadonlySet<string>): string | undefined {
  switch (part.kind) {
    case 'text':
      return textFault(part.text);
    case 'value':
      return part.choices.map((choice) => choiceFault(choice, fields)).find((fault) => fault !== undefined);
    case 'when':
      return fields.has(part.field) ? firstFault(part.parts, fields) : `names ${part.field}, which is no field of the schema`;
    case 'group':
      return groupFault(part.parts) ?? firstFault(part.parts, fields);
  }
}

function textFault(text: string): string | undefined {
  const brace = /[{}]|\[\[|\]\]/.exec(text)?.[0];
  return brace === undefined ? undefined : `has a ${brace} that belongs to no part; groups do not nest`;
}

function groupFault([first]: readonly Part[]): string | undefined {
  const looksLikeWhen = first?.kind === 'text' && /^[?!]/.test(first.text);
  return looksLikeWhen ? 'has a [[?field:…]] whose field is not made of letters alone' : undefined;
}

function choiceFault({ field, filter, argument }: Choice, fields: ReadonlySet<string>): string | undefined {
  if (!FIELD.test(field)) return `has a part {…} that names no field`;
  if (filter !== null && !Object.hasOwn(FILTERS, filter)) return `names ${filter}, which is no filter: ${Object.keys(FILTERS).join(', ')}`;
  if (filter === 'excerpt' && !(Number.isInteger(argument) && argument >= 1 && argument <= LONGEST_EXCERPT))
    return `needs a length after excerpt, as in {${field}|excerpt:120}`;
  return fields.has(field) || filter === 'fieldNames' ? undefined : `names ${field}, which is no field of the schema`;
}
