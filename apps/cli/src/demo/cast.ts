import { rngOf, type Rng } from './rng.js';

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly industry: string;
  readonly companySize: string;
  readonly parentId: string | null;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly account: Account;
}

/** One tenant of the demo with everybody who appears in its stories. */
export interface Company {
  readonly tenantId: string;
  readonly name: string;
  readonly site: string;
  readonly merchantId: string;
  /** From whom its sequences write. */
  readonly sender: string;
  /** Addresses of its staff. */
  readonly staff: readonly string[];
  readonly accounts: readonly Account[];
  readonly people: readonly Person[];
  /** The person with the fullest timeline. */
  readonly hero: Person;
}

/** Everything `npm start` prints is about these two. */
export const DEMO_TENANT = '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11';
export const DEMO_CONTACT = 'contact-ada-marsh';
export const DEMO_ACCOUNT = 'acc-brightwater';

const HERO_NAME = 'Ada Marsh';
const HERO_ACCOUNT = 'Brightwater';

export const FIRST_NAMES = [
  'Ben',
  'Chioma',
  'Dmitri',
  'Elena',
  'Farid',
  'Grace',
  'Hiro',
  'Ines',
  'Jonas',
  'Kavya',
  'Liam',
  'Mei',
  'Noor',
  'Oskar',
];
export const LAST_NAMES = [
  'Abara',
  'Berg',
  'Castillo',
  'Duval',
  'Ekström',
  'Fujita',
  'Grant',
  'Haddad',
  'Iyer',
  'Jensen',
  'Kowalski',
  'Lund',
];
const ACCOUNT_NAMES = ['Alder & Finch', 'Bluestem', 'Cobalt Works', 'Driftwood', 'Evergreen Labs', 'Foxglove', 'Granite Peak'];
export const INDUSTRIES = ['SaaS', 'Manufacturing', 'Hospitality', 'Retail', 'Logistics', 'Healthcare'];
export const SIZES = ['11-50', '51-200', '201-1000', '1001-5000'];

const TENANTS = [
  { tenantId: DEMO_TENANT, name: 'Larkfield Instruments', slug: 'larkfield', staff: ['jane', 'marco', 'priya'] },
  { tenantId: '8c2d6f40-5a1b-4d27-9b6e-2f7a9d1c4e22', name: 'Harbour Pine Hotels', slug: 'harbourpine', staff: ['sofia', 'tom', 'yusuf'] },
  { tenantId: 'a94e7b12-3f68-4c0d-8e55-6b0c2d8f1a33', name: 'Copperleaf Outfitters', slug: 'copperleaf', staff: ['anna', 'viktor'] },
] as const;

/** The demo's three tenants. The same seed gives the same people. */
export function companiesOf(seed: string): Company[] {
  return TENANTS.map((tenant) => {
    const rng = rngOf(`${seed}/cast/${tenant.slug}`);
    const accounts = accountsOf(rng);
    const hero = personOf(HERO_NAME, accounts[0] ?? never());
    return {
      tenantId: tenant.tenantId,
      name: tenant.name,
      site: `https://www.${tenant.slug}.example.com`,
      merchantId: `merchant-${tenant.slug}`,
      sender: `hello@${tenant.slug}.example.com`,
      staff: tenant.staff.map((name) => `${name}@${tenant.slug}.example.com`),
      accounts,
      people: [hero, ...peopleOf(rng, accounts)],
      hero,
    };
  });
}

/** Brightwater stands on top; every other account below it or below one of its daughters. */
function accountsOf(rng: Rng): Account[] {
  const accounts: Account[] = [];
  for (const name of [HERO_ACCOUNT, ...rng.shuffle(ACCOUNT_NAMES).slice(0, 5)]) {
    const slug = slugOf(name);
    const parentId = accounts.length === 0 ? null : rng.pick(accounts.slice(0, 2)).id;
    const traits = { industry: rng.pick(INDUSTRIES), companySize: rng.pick(SIZES) };
    accounts.push({ id: `acc-${slug}`, name, domain: `${slug}.example.com`, parentId, ...traits });
  }
  return accounts;
}

function peopleOf(rng: Rng, accounts: readonly Account[]): Person[] {
  const lastNames = rng.shuffle(LAST_NAMES);
  return lastNames.map((last) => personOf(`${rng.pick(FIRST_NAMES)} ${last}`, rng.pick(accounts)));
}

/** With an address at the company. */
export function personOf(name: string, account: Account): Person {
  const slug = slugOf(name);
  return { id: `contact-${slug}`, name, email: `${slug.replaceAll('-', '.')}@${account.domain}`, account };
}

export function slugOf(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^A-Za-z]+/g, (gap) => (/^\p{M}+$/u.test(gap) ? '' : '-'))
    .toLowerCase();
}

function never(): never {
  throw new Error('a company without accounts');
}
