/** Tells of names in the environment that nobody reads but that differ from a known, unset one by a slip of the keyboard. */
export function hintsFor(known: readonly string[], env: Readonly<Record<string, string | undefined>>): string[] {
  const unset = known.filter((name) => env[name] === undefined);
  return Object.keys(env)
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const near = unset.find((candidate) => distance(name.toUpperCase(), candidate) <= slip(candidate));
      return near === undefined ? [] : [`${name} is set but not read: did you mean ${near}?`];
    });
}

/** In a short name a single different letter already makes another word. */
function slip(name: string): number {
  return name.length <= 6 ? 1 : 2;
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
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
