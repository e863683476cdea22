import pg from 'pg';
import { assertSchemaCurrent } from '../migrations/assert-schema-current.js';

export interface DatabaseOptions {
  /** URL of one of annals' roles, see `connectionFor`. */
  readonly url: string;
  readonly poolSize: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Server settings of every connection, as `-c name=value`. */
  readonly settings?: string;
  /** Absent: a minute. */
  readonly statementTimeoutMs?: number;
}

/** A pool of connections of one role to a database whose schema has been checked. */
export interface Database {
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

/** Connections of its pool now, and who waits for one. */
export const poolStateOf = ({ pool: { totalCount, idleCount: idle, waitingCount: waiting } }: Pick<Database, 'pool'>) => {
  return { busy: totalCount - idle, idle, waiting };
};
export type PoolState = Readonly<ReturnType<typeof poolStateOf>>;

/** Milliseconds. A process that is stopped keeps its row locks until the server ends its transaction: these free them. */
const TIMEOUTS = { statement_timeout: 60_000, lock_timeout: 15_000, idle_in_transaction_session_timeout: 15_000 };

/** Connects, and refuses a schema that is not this version's. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    application_name: options.applicationName,
    connectionTimeoutMillis: 10_000,
    options: options.settings,
    ...TIMEOUTS,
    ...(options.statementTimeoutMs !== undefined && { statement_timeout: options.statementTimeoutMs }),
    keepAlive: true,
  });
  // an idle connection that breaks is already gone from the pool; the next query reports what matters
  pool.on('error', () => undefined);
  // and one that breaks while its user does something else (the server ended an idle transaction) would end the process
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    await assertSchemaCurrent(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return { pool, close: () => pool.end() };
}
