interface Family {
  readonly about: Map<string, string>;
  readonly samples: string[];
}

/**
 * Several exposition texts as one: each family once, with the first text's HELP and TYPE, the samples of all under it
 * (the format forbids a family in two places). The texts' samples must differ in a label, such as `app`.
 */
export function mergeMetrics(texts: readonly string[]): string {
  const families = new Map<string, Family>();
  for (const text of texts) addText(families, text);
  return [...families.values()].map(({ about, samples }) => [...about.values(), ...samples, ''].join('\n')).join('\n');
}

function addText(families: Map<string, Family>, text: string): void {
  let current = familyOf(families, '');
  for (const line of text.split('\n')) {
    const header = /^# (HELP|TYPE) (\S+)/.exec(line);
    if (header) {
      const [, keyword = '', name = ''] = header;
      current = familyOf(families, name);
      if (!current.about.has(keyword)) current.about.set(keyword, line);
    } else if (line.trim() !== '') current.samples.push(line);
  }
  const nameless = families.get('');
  if (nameless?.samples.length === 0) families.delete('');
}

function familyOf(families: Map<string, Family>, name: string): Family {
  const known = families.get(name);
  if (known) return known;
  const family: Family = { about: new Map(), samples: [] };
  families.set(name, family);
  return family;
}
