import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { runId, testDatabaseUrl } from './run.js';

export interface FreshDatabase {
  /** Address as its owner; apps derive their own roles from it. */
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** Any number; serialises the making of the template between the workers of a run. */
const TEMPLATE_LOCK = 7_203_945;

/**
 * A database of this spec file alone with annals' schema, empty. A clone of a template that is migrated once a run, so it costs
 * some 120 ms. Drop it in `afterAll`.
 */
export async function freshDatabase(): Promise<FreshDatabase> {
  return withAdmin(async (admin) => {
    const template = await migratedTemplate(admin);
    return create(admin, `TEMPLATE ${template}`);
  });
}

/** A database without anything of annals in it: for the migrations' own specs. */
export async function emptyDatabase(): Promise<FreshDatabase> {
  return withAdmin((admin) => create(admin, ''));
}

async function create(admin: pg.Client, clause: string): Promise<FreshDatabase> {
  const name = `${prefix()}${randomBytes(6).toString('hex')}`;
  await admin.query(`CREATE DATABASE ${name} ${clause}`);
  return { url: urlOf(name), drop: () => withAdmin((later) => dropDatabase(later, name)) };
}

async function migratedTemplate(admin: pg.Client): Promise<string> {
  const template = `${prefix()}template`;
  await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (rowCount === 0) await makeTemplate(admin, template);
  } finally {
    await admin.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
  return template;
}

/** Under another name until it is complete: a migration that fails must not leave half a template. */
async function makeTemplate(admin: pg.Client, template: string): Promise<void> {
  const draft = `${template}_draft`;
  await dropDatabase(admin, draft);
  await admin.query(`CREATE DATABASE ${draft}`);
  // loaded by the one worker that migrates, not by every spec
  const { migrate } = await import('#libs/store');
  await migrate(urlOf(draft));
  await admin.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
}

async function dropDatabase(admin: pg.Client, name: string): Promise<void> {
  await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

const prefix = (): string => `annals_test_${runId()}_`;

function urlOf(database: string): string {
  const url = new URL(testDatabaseUrl());
  url.pathname = `/${database}`;
  return url.href;
}

async function withAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: testDatabaseUrl() });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
