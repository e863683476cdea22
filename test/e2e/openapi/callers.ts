import { mintToken, type TokenHolder } from '#libs/service';

const SECRET = 'a secret of the tests, long enough for HS256';
/** Marks what is of our tenant's staff: neither another tenant nor the customer may ever see it. */
export const PLANTED = 'planted';

export interface Caller {
  readonly name: string;
  readonly kind: 'nobody' | 'stranger' | 'customer' | 'staff';
  readonly headers: Readonly<Record<string, string>>;
  /** Of staff: the id that mentions and notifications go by. */
  readonly user?: string;
}

const USERS = {
  'a member of staff': `jane.${PLANTED}@example.com`,
  'the scope admin': `root.${PLANTED}@example.com`,
  'a service': `robot-${PLANTED}`,
};
export const STAFF = Object.values(USERS);

export const CALLERS = [
  ...['no token', 'a malformed token', 'an expired token'],
  ...['another tenant with our orgid', 'another tenant without orgid', 'another tenant with its own orgid'],
  ...['the customer', 'a member of staff', 'a service', 'the scope admin'],
] as const;
export type CallerName = (typeof CALLERS)[number];

/** Everybody who may come to the doors of our tenant. */
export async function callersOf(ours: string, theirs: string, customer: string): Promise<ReadonlyMap<CallerName, Caller>> {
  const bearer = async (holder: TokenHolder & { ttlSeconds?: number; scope?: string }, tenant = ours) => ({
    authorization: `Bearer ${await mintToken({ secret: SECRET, tenants: [tenant], ...holder })}`,
  });
  const orgid = { orgid: ours };
  const stranger = await bearer({ user: 'mallory@example.com' }, theirs);
  const { 'a member of staff': jane, 'the scope admin': root, 'a service': robot } = USERS;
  const all: (Caller & { readonly name: CallerName })[] = [
    { name: 'no token', kind: 'nobody', headers: orgid },
    { name: 'a malformed token', kind: 'nobody', headers: { ...orgid, authorization: 'Bearer x.y.z' } },
    { name: 'an expired token', kind: 'nobody', headers: { ...orgid, ...(await bearer({ user: jane, ttlSeconds: -60 })) } },
    { name: 'another tenant with our orgid', kind: 'stranger', headers: { ...orgid, ...stranger } },
    { name: 'another tenant without orgid', kind: 'stranger', headers: stranger },
    { name: 'another tenant with its own orgid', kind: 'stranger', headers: { ...stranger, orgid: theirs } },
    { name: 'the customer', kind: 'customer', headers: { ...orgid, ...(await bearer({ customer })) } },
    { name: 'a member of staff', kind: 'staff', user: jane, headers: { ...orgid, ...(await bearer({ user: jane })) } },
    { name: 'a service', kind: 'staff', user: robot, headers: { ...orgid, ...(await bearer({ service: robot })) } },
    { name: 'the scope admin', kind: 'staff', user: root, headers: { ...orgid, ...(await bearer({ user: root, scope: 'admin' })) } },
  ];
  return new Map(all.map((caller) => [caller.name, caller]));
}
