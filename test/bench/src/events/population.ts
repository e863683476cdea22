import { createHash } from 'node:crypto';
import { zipf, type Random } from './random.js';

export const TENANTS = 20;
const ACCOUNTS = 1_500;
const CONTACTS_PER_ACCOUNT = 4;
const DEALS_PER_ACCOUNT = 2;

/** The same name gives the same UUID in every run. */
export function stableUuid(name: string): string {
  const hex = createHash('md5').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-9${hex.slice(17, 20)}-${hex.slice(20)}`;
}

const tenants = Array.from({ length: TENANTS }, (_, i) => stableUuid(`tenant ${i}`));
const drawTenant = zipf(TENANTS, 1);
const drawAccount = zipf(ACCOUNTS, 0.8);
const drawMember = zipf(CONTACTS_PER_ACCOUNT, 0.7);

/** Rank 0 is the busiest. */
export function tenantOfRank(rank: number): string {
  return tenants[rank] ?? stableUuid(`tenant ${rank}`);
}

/** Rank 0 is the tenant's busiest. */
export function accountOf(tenant: number, rank: number): string {
  return stableUuid(`account ${tenant} ${rank}`);
}

/** Whom one event is about: a contact, the account it belongs to, a deal of that account. */
export interface Cast {
  readonly tenantId: string;
  readonly account: string;
  readonly contact: string;
  readonly otherContact: string;
  readonly lead: string;
  readonly deal: string;
  readonly firstName: string;
  readonly email: string;
  readonly colleague: string;
}

const NAMES = ['Ada', 'Ben', 'Chloe', 'Dmitri', 'Elif', 'Farid', 'Grace', 'Hugo', 'Ines', 'Jonas', 'Kavya', 'Léa'] as const;

/** Draws a cast; with `account` every event is about that account of the busiest tenant. */
export function drawCast(random: Random, only?: { readonly account: string }): Cast {
  const tenant = only ? 0 : drawTenant(random);
  const rank = drawAccount(random);
  const member = `${tenant} ${rank} ${drawMember(random)}`;
  const firstName = random.pick(NAMES);
  return {
    tenantId: tenantOfRank(tenant),
    account: only?.account ?? cached(`account ${tenant} ${rank}`),
    contact: cached(`contact ${member}`),
    otherContact: cached(`contact ${tenant} ${rank} other`),
    lead: cached(`lead ${member}`),
    deal: cached(`deal ${tenant} ${rank} ${random.below(DEALS_PER_ACCOUNT)}`),
    firstName,
    email: `${firstName.toLowerCase()}.${rank}@customer${rank % 97}.example.com`,
    colleague: `${random.pick(NAMES).toLowerCase()}@seller${tenant}.example.com`,
  };
}

const known = new Map<string, string>();
function cached(name: string): string {
  let id = known.get(name);
  if (id === undefined) known.set(name, (id = stableUuid(name)));
  return id;
}
