import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { connectionFor, roleName, rolePassword, STORE_ROLES, type StoreRole } from '../connect/connection-for.js';
import { scramVerifier } from './scram-verifier.js';

/** Another database of the cluster is doing the same: duplicate_object, unique_violation, "tuple concurrently updated". */
const CONCURRENT_CODES = new Set(['42710', '23505', 'XX000']);
const ATTEMPTS = 20;

/**
 * Makes annals' login roles exist with the passwords that follow from the owner's, and lets ingest bypass row-level security where this user may grant it.
 * Roles belong to the cluster: several databases share them, and several migrations may run this at once.
 */
export async function ensureRoles(owner: pg.Client, databaseUrl: string): Promise<void> {
  for (const role of STORE_ROLES) await despiteOthers(() => ensureRole(owner, databaseUrl, role));
  await despiteOthers(() => letIngestBypass(owner));
}

async function ensureRole(owner: pg.Client, databaseUrl: string, role: StoreRole): Promise<void> {
  const name = roleName(role);
  const password = rolePassword(databaseUrl, role);
  const clause = password === null ? '' : ` password ${pg.escapeLiteral(scramVerifier(password))}`;
  const { rowCount } = await owner.query('select from pg_roles where rolname = $1', [name]);
  if (rowCount === 0) await owner.query(`create role ${name} login${clause}`);
  else if (password !== null && !(await canLogIn(connectionFor(databaseUrl, role)))) await owner.query(`alter role ${name} login${clause}`);
}

/** Asked first, so that a second migration changes nothing. */
async function canLogIn(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === '28P01' || code === '28000') return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function letIngestBypass(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ may: boolean; has: boolean }>(
    `select me.rolsuper or me.rolbypassrls as may, ingest.rolbypassrls as has
     from pg_roles me, pg_roles ingest where me.rolname = current_user and ingest.rolname = 'annals_ingest'`,
  );
  if (rows[0]?.may === true && !rows[0].has) await owner.query('alter role annals_ingest bypassrls');
}

async function despiteOthers(act: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      if (attempt === ATTEMPTS || !CONCURRENT_CODES.has(String((error as { code?: unknown }).code))) throw error;
      await wait(5 * attempt + Math.random() * 20);
    }
  }
}
