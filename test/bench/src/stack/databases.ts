import pg from 'pg';
import { migrate } from '#libs/store';
import type { BenchStack } from './start-stack.js';

const TEMPLATE = 'bench_template';

/** A database of the benchmark, with a connection of the superuser's. */
export interface BenchDatabase {
  readonly name: string;
  /** Superuser's address. */
  readonly url: string;
  readonly client: pg.Client;
  /** Removes the database. */
  drop(): Promise<void>;
}

/** An empty database with annals' tables, as a copy of one that was migrated once. */
export async function emptyAnnals(stack: BenchStack, name: string): Promise<BenchDatabase> {
  await atServer(stack, async (server) => {
    const { rowCount } = await server.query('select from pg_database where datname = $1', [TEMPLATE]);
    if (rowCount === 0) {
      await server.query(`create database ${TEMPLATE}`);
      await migrate(urlOf(stack, TEMPLATE));
    }
    await server.query(`create database ${name} template ${TEMPLATE}`);
  });
  return connect(stack, name);
}

/** A database with nothing in it. */
export async function emptyDatabase(stack: BenchStack, name: string): Promise<BenchDatabase> {
  await atServer(stack, (server) => server.query(`create database ${name}`));
  return connect(stack, name);
}

/** Puts everything on disk and counts the rows, so that one measurement does not pay for the one before. */
export async function settle({ client }: BenchDatabase): Promise<void> {
  await client.query('vacuum analyze');
  await client.query('checkpoint');
}

/** As many as `min_wal_size` of the stack's server keeps. */
const LOG_FILES = 64;

/** Gives the server log files to write over, as one has that is not new: each that it makes anew is 16 MB through the disk while an append waits. */
export async function wearIn({ client }: BenchDatabase): Promise<void> {
  for (let i = 0; i < LOG_FILES; i++) {
    await client.query(`select pg_logical_emit_message(false, 'bench', 'a file of its own')`);
    await client.query('select pg_switch_wal()');
  }
  await client.query('checkpoint');
}

/** Another connection; to be ended by the caller. */
export async function connectTo({ url }: Pick<BenchDatabase, 'url'>): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'annals bench' });
  // the server may be stopped first when the run is interrupted
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function connect(stack: BenchStack, name: string): Promise<BenchDatabase> {
  const url = urlOf(stack, name);
  const client = await connectTo({ url });
  const drop = async (): Promise<void> => {
    await client.end();
    await atServer(stack, (server) => server.query(`drop database ${name} with (force)`));
  };
  return { name, url, client, drop };
}

async function atServer(stack: BenchStack, act: (server: pg.Client) => Promise<unknown>): Promise<void> {
  const server = new pg.Client({ connectionString: urlOf(stack, 'postgres') });
  await server.connect();
  try {
    await act(server);
  } finally {
    await server.end();
  }
}

function urlOf({ postgresUrl }: BenchStack, database: string): string {
  const url = new URL(postgresUrl);
  url.pathname = `/${database}`;
  return url.href;
}
