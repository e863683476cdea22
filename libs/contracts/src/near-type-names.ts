import { EVENT_TYPE_NAMES } from './registry.js';

const LONGEST = 64;

/** Up to three accepted names (of built-in types, unless told) that look like `name`, nearest first: for the message about an unknown type. */
export function nearTypeNames(name: string, names: readonly string[] = EVENT_TYPE_NAMES): string[] {
  const asked = name.slice(0, LONGEST).toLowerCase();
  const limit = Math.max(2, Math.floor(asked.length / 3));
  return names
    .map((known) => ({ known, steps: editDistance(asked, known) }))
    .filter(({ steps }) => steps <= limit)
    .sort((a, b) => a.steps - b.steps || (a.known < b.known ? -1 : 1))
    .slice(0, 3)
    .map(({ known }) => known);
}

/** Levenshtein: the fewest insertions, deletions and replacements that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
