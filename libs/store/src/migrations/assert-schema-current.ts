import type pg from 'pg';
import { MIGRATIONS } from './migrations.js';

/** Throws unless the database has exactly this version's migrations: an app must not run on an older schema, nor on one it does not know. */
export async function assertSchemaCurrent(database: Pick<pg.Pool, 'query'>): Promise<void> {
  const applied = new Set(await appliedMigrations(database));
  const known = MIGRATIONS.map((migration) => migration.name);
  const missing = known.filter((name) => !applied.has(name));
  const unknown = [...applied].filter((name) => !known.includes(name));
  if (missing.length > 0) throw new Error(`the database lacks ${missing.join(', ')}: run the migrations of this version first`);
  if (unknown.length > 0) throw new Error(`the database has ${unknown.join(', ')}, which this version does not know: run a newer one`);
}

async function appliedMigrations(database: Pick<pg.Pool, 'query'>): Promise<string[]> {
  try {
    const { rows } = await database.query<{ name: string }>('select name from annals.migrations');
    return rows.map((row) => row.name);
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === '42P01' || code === '3F000') return [];
    throw error;
  }
}
