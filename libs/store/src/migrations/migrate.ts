import pg from 'pg';
import { STORE_ROLES, roleName } from '../connect/connection-for.js';
import { assumeStatistics } from './assume-statistics.js';
import { ensureRoles } from './ensure-roles.js';
import { MIGRATIONS } from './migrations.js';

/** Any number; the same for every migration of annals. */
const MIGRATION_LOCK = 1_634_627_436;

/**
 * Brings the database to this version of annals: roles, then every migration that is missing, each in its own transaction.
 * Safe to run from several processes at once; a second run changes nothing. Run once as a job with the owner's URL: apps only check.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const user = decodeURIComponent(new URL(databaseUrl).username);
  if (STORE_ROLES.some((role) => roleName(role) === user)) throw new Error(`migrations need the owner of the database, not ${user}`);
  const owner = new pg.Client({ connectionString: databaseUrl, application_name: 'annals migrate' });
  await owner.connect();
  try {
    await owner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await ensureRoles(owner, databaseUrl);
    await owner.query('create schema if not exists annals');
    await runMigrations(databaseUrl);
    await assumeStatistics(owner);
  } finally {
    await owner.end();
  }
}

async function runMigrations(databaseUrl: string): Promise<void> {
  // loaded by who migrates alone: an app that only reads or appends stays 12 MB smaller
  const { DataSource } = await import('typeorm');
  const source = new DataSource({
    type: 'postgres',
    url: databaseUrl,
    schema: 'annals',
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    logging: false,
    poolSize: 1,
  });
  await source.initialize();
  try {
    await source.runMigrations({ transaction: 'each' });
  } finally {
    await source.destroy();
  }
}
