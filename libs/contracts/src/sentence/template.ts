/**
 * The language of summary templates (catalogue § 4):
 *
 *     {field}  {a??b}  {field|filter}  {a??b|filter:argument}     a filter belongs to the field before it
 *     [[ … ]]            left out when any field inside is missing
 *     [[?field:text]]    there when the field is present and not false
 *     [[!field:text]]    there when it is absent or false
 */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly choices: readonly Choice[] }
  | { readonly kind: 'group'; readonly parts: readonly Part[] }
  | { readonly kind: 'when'; readonly field: string; readonly present: boolean; readonly parts: readonly Part[] };

/** One field of `{a??b|filter}`. */
export interface Choice {
  readonly field: string;
  readonly filter: string | null;
  readonly argument: number;
}

const TOKEN = /\[\[([?!])([A-Za-z]+):(.*?)\]\]|\[\[(.*?)\]\]|\{([^{}]+)\}/gs;

/** Text that is no token stands for itself. */
export function parseTemplate(template: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const token of template.matchAll(TOKEN)) {
    if (token.index > end) parts.push({ kind: 'text', text: template.slice(end, token.index) });
    parts.push(readToken(token));
    end = token.index + token[0].length;
  }
  if (end < template.length) parts.push({ kind: 'text', text: template.slice(end) });
  return parts;
}

function readToken([, sign, field, inside, group, value]: RegExpExecArray): Part {
  if (field !== undefined) return { kind: 'when', field, present: sign === '?', parts: parseTemplate(inside ?? '') };
  if (group !== undefined) return { kind: 'group', parts: parseTemplate(group) };
  return { kind: 'value', choices: (value ?? '').split('??').map(readChoice) };
}

function readChoice(text: string): Choice {
  const [field = '', filter] = text.split('|');
  const [name = null, argument] = filter?.split(':') ?? [];
  return { field, filter: name, argument: Number(argument ?? 0) };
}

/** Every field a template reads, in order, each once. */
export function choicesIn(parts: readonly Part[]): Choice[] {
  return parts.flatMap((part) => {
    if (part.kind === 'text') return [];
    return part.kind === 'value' ? part.choices : choicesIn(part.parts);
  });
}
