import { createHmac } from 'node:crypto';

/** The roles that apps connect as; the owner only migrates. */
export const STORE_ROLES = ['ingest', 'query', 'app', 'automation', 'sequences', 'webhook', 'enrichment', 'admin'] as const;
export type StoreRole = (typeof STORE_ROLES)[number];

/**
 * The URL of a role on the same database as `databaseUrl`, so that an app that is given the owner's never stays connected as owner.
 * A URL whose user already is one of annals' roles is used as it is.
 */
export function connectionFor(databaseUrl: string, role: StoreRole): string {
  const url = new URL(databaseUrl);
  if (STORE_ROLES.some((known) => decodeURIComponent(url.username) === roleName(known))) return databaseUrl;
  url.username = roleName(role);
  url.password = rolePassword(databaseUrl, role) ?? '';
  return url.href;
}

export const roleName = (role: StoreRole): string => `annals_${role}`;

/** Hex of HMAC-SHA-256(owner's password, role name); null where the owner has none: then the server trusts, and roles have none either. */
export function rolePassword(databaseUrl: string, role: StoreRole): string | null {
  const { password } = new URL(databaseUrl);
  if (password === '') return null;
  return createHmac('sha256', decodeURIComponent(password)).update(roleName(role)).digest('hex');
}
