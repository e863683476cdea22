/** An event said that a contact is a lead. */
export interface ContactLink {
  /** Key of the contact. */
  readonly contact: string;
  readonly lead: string;
  readonly since: bigint;
}

/** A contact read as another at the positions `at` ≤ p < `until` (null: it still is). */
export interface ContactMerge {
  readonly from: string;
  readonly into: string;
  readonly at: bigint;
  readonly until: bigint | null;
}

/** Events of this contact or lead count for `lead` at the positions `from` ≤ p < `until`. */
export interface LeadSource {
  readonly of: { readonly contact: string } | { readonly lead: string };
  readonly lead: string;
  readonly from: bigint;
  readonly until: bigint | null;
}

type Source = Pick<LeadSource, 'of' | 'lead'>;

/**
 * Whose events count for which lead. Merged contacts are one person: what happened to any of them counts for the leads that the contact that
 * stays is. The leads that the other one was count for these, and no longer for themselves; if the one that stays is no lead, they go on.
 * Merges hold in the order of their positions, one that changes nothing is passed over. A lead that is not in the answer as a source counts
 * for itself, always. All links and merges of the people concerned are needed; their order decides nothing.
 */
export function leadSources(links: readonly ContactLink[], merges: readonly ContactMerge[]): LeadSource[] {
  const positions = [0n, ...links.map(({ since }) => since), ...merges.flatMap(({ at, until }) => (until === null ? [at] : [at, until]))];
  const open = new Map<string, Source & { readonly from: bigint }>();
  const closed: LeadSource[] = [];
  for (const position of [...new Set(positions)].sort((a, b) => Number(a - b))) {
    const standing = new Map(sourcesAt(links, merges, position).map((source) => [JSON.stringify([source.of, source.lead]), source]));
    for (const [key, source] of open) {
      if (standing.has(key)) continue;
      closed.push({ ...source, until: position });
      open.delete(key);
    }
    for (const [key, source] of standing) if (!open.has(key)) open.set(key, { ...source, from: position });
  }
  return [...closed, ...[...open.values()].map((source) => ({ ...source, until: null }))].filter((source) => !isItself(source));
}

const isItself = ({ of, lead, from, until }: LeadSource): boolean => 'lead' in of && of.lead === lead && from === 0n && until === null;

interface Person {
  readonly contacts: readonly string[];
  /** The leads that they are. */
  readonly leads: readonly string[];
  /** Leads that they were before they were merged. */
  readonly given: readonly string[];
}

function sourcesAt(links: readonly ContactLink[], merges: readonly ContactMerge[], position: bigint): Source[] {
  const persons = personsAt(links, merges, position);
  const leads = new Set(persons.flatMap((person) => person.leads));
  const given = persons.flatMap((person) =>
    person.given.filter((lead) => !leads.has(lead)).flatMap((of) => person.leads.map((lead) => ({ of: { lead: of }, lead }))),
  );
  const away = new Set(given.map(({ of }) => of.lead));
  const all = [...new Set(links.map(({ lead }) => lead))].filter((lead) => !away.has(lead));
  return [
    ...persons.flatMap((person) => person.contacts.flatMap((contact) => person.leads.map((lead) => ({ of: { contact }, lead })))),
    ...given,
    ...all.map((lead) => ({ of: { lead }, lead })),
  ];
}

function personsAt(links: readonly ContactLink[], merges: readonly ContactMerge[], position: bigint): Person[] {
  const persons = new Map<string, Person>();
  const personOf = (contact: string): Person => persons.get(contact) ?? { contacts: [contact], leads: [], given: [] };
  for (const { contact, lead, since } of links) {
    const { leads, ...person } = personOf(contact);
    if (since <= position) persons.set(contact, { ...person, leads: [...leads, lead] });
  }
  const standing = merges.filter(({ at, until }) => at <= position && (until === null || until > position));
  for (const { from, into } of standing.toSorted((a, b) => Number(a.at - b.at))) {
    const [goes, stays] = [personOf(from), personOf(into)];
    if (goes.contacts.includes(into)) continue;
    const one = merged(goes, stays);
    for (const contact of one.contacts) persons.set(contact, one);
  }
  return [...new Set(persons.values())];
}

function merged(goes: Person, stays: Person): Person {
  const contacts = [...stays.contacts, ...goes.contacts];
  if (stays.leads.length === 0) return { contacts, leads: goes.leads, given: [...stays.given, ...goes.given] };
  return { contacts, leads: stays.leads, given: [...stays.given, ...goes.given, ...goes.leads] };
}
