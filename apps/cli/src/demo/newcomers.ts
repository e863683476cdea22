import { companiesOf, INDUSTRIES, LAST_NAMES, FIRST_NAMES, personOf, SIZES, slugOf, type Account, type Person } from './cast.js';
import { rngOf, type Rng } from './rng.js';

const PLACES = ['North', 'South', 'Upper', 'Lower', 'Old', 'New', 'Great', 'Little', 'East', 'West'];
const THINGS = ['Orchard', 'Quarry', 'Harbour', 'Meadow', 'Foundry', 'Bakery', 'Mill', 'Observatory', 'Nursery', 'Press'];

/** A company nobody knew until now; it stands below the one that brought it. What is known of it follows from its name. */
export function newCompany(rng: Rng, parent: Account, tag: string): Account {
  const name = `${rng.pick(PLACES)} ${rng.pick(THINGS)}`;
  return { id: `acc-${slugOf(name)}-${tag}`, name, domain: domainOf(name), parentId: parent.id, ...traitsOf(name) };
}

/** Somebody nobody knew until now. */
export function newPerson(rng: Rng, account: Account, tag: string): Person {
  const { name, id, email } = personOf(`${rng.pick(FIRST_NAMES)} ${rng.pick(LAST_NAMES)}`, account);
  return { id: `${id}-${tag}`, name, email: email.replace('@', `.${tag}@`), account };
}

/** What the dataset of the enrichment worker says of every company that can appear, by domain. */
export function knownCompanies(seed: string): Record<string, Record<string, string>> {
  const cast = companiesOf(seed).flatMap(({ accounts }) => accounts);
  const others = PLACES.flatMap((place) => THINGS.map((thing) => `${place} ${thing}`)).map((name) => ({
    domain: domainOf(name),
    ...traitsOf(name),
  }));
  return Object.fromEntries(
    [...others, ...cast].map(({ domain, industry, companySize }) => [
      domain,
      {
        website: `https://${domain}`,
        industry,
        companySize,
        linkedinUrl: `https://social.example.com/company/${domain.split('.')[0] ?? ''}`,
      },
    ]),
  );
}

const domainOf = (name: string): string => `${slugOf(name)}.example.com`;

function traitsOf(name: string): Pick<Account, 'industry' | 'companySize'> {
  const rng = rngOf(`company/${name}`);
  return { industry: rng.pick(INDUSTRIES), companySize: rng.pick(SIZES) };
}
