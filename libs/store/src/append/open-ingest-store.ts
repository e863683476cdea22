import type pg from 'pg';
import { openDatabase, poolStateOf, type Database, type DatabaseOptions, type PoolState } from '../connect/open-database.js';
import { appendBatch, type Remembered } from './append-batch.js';
import type { AppendBatch, AppendHooks, AppendOutcome, IngestStore } from './types.js';

export interface IngestStoreOptions extends DatabaseOptions {
  /** Only for tests: each costs a round trip. */
  readonly hooks?: AppendHooks;
  /** Default: COPY where the role may, else unnest. */
  readonly writePath?: 'copy' | 'unnest';
}

export interface OpenIngestStore extends IngestStore {
  poolState(): PoolState;
}

/** An append finds its rows by key, whatever the planner thinks of a table that has just begun to grow. */
const BY_KEY = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off';

/** Connects as the ingest role. `poolSize` bounds the appends in flight; further ones wait. */
export async function openIngestStore(options: IngestStoreOptions): Promise<OpenIngestStore> {
  const database = await openDatabase({ ...options, settings: BY_KEY });
  const mayCopy = options.writePath !== 'unnest' && !(await copyIsRefused(database));
  return new PostgresIngestStore(database, mayCopy, options.hooks);
}

/** COPY FROM does not run under row-level security; a managed database may not grant BYPASSRLS. */
async function copyIsRefused({ pool }: Database): Promise<boolean> {
  const { rows } = await pool.query<{ active: boolean }>("select row_security_active('annals.events') as active");
  return rows[0]?.active !== false;
}

class PostgresIngestStore implements OpenIngestStore {
  private remembered: Remembered = nothingRemembered();

  constructor(
    private readonly database: Database,
    private readonly mayCopy: boolean,
    private readonly hooks: AppendHooks | undefined,
  ) {}

  async startOffsets(clusterId: string, partitions: readonly { topicId: string; partition: number }[]): Promise<(bigint | null)[]> {
    const { rows } = await this.database.pool.query<{ next_offset: string | null }>(
      `select o.next_offset from unnest($2::text[], $3::int[]) with ordinality as asked (topic_id, partition, number)
       left join annals.offsets o on o.cluster_id = $1 and o.topic_id = asked.topic_id and o.partition = asked.partition order by number`,
      [clusterId, partitions.map(({ topicId }) => topicId), partitions.map(({ partition }) => partition)],
    );
    return rows.map(({ next_offset }) => (next_offset === null ? null : BigInt(next_offset)));
  }

  async append(batch: AppendBatch): Promise<AppendOutcome> {
    const client = await this.database.pool.connect();
    try {
      const outcome = await appendBatch({ client, mayCopy: this.mayCopy, remembered: this.remembered, hooks: this.hooks }, batch);
      client.release();
      return outcome;
    } catch (error) {
      this.giveUp(client, error);
      throw error;
    }
  }

  /** The connection is closed, which rolls back; what was remembered may be wrong (another database may stand there now). */
  private giveUp(client: pg.PoolClient, error: unknown): void {
    this.remembered = nothingRemembered();
    client.release(error instanceof Error ? error : true);
  }

  poolState(): PoolState {
    return poolStateOf(this.database);
  }

  close(): Promise<void> {
    return this.database.close();
  }
}

const nothingRemembered = (): Remembered => ({ partitions: new Set(), tenants: new Set(), months: new Map(), wary: 0 });
