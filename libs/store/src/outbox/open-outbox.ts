import pg from 'pg';

/** A row of a subsystem's outbox: one record that is to be published. */
export interface OutboxRow {
  /** Decimal. */
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
  /** Milliseconds since the Unix epoch. */
  readonly madeMs: number;
}

/** The outbox table of some database, held by this process alone. */
export interface HeldOutbox {
  /**
   * The oldest rows, up to so many and about so many bytes; at least one if there is one. Publish them in this order, then `remove`
   * them. Rows that are committed later may have lower ids: they come with a later take. None is skipped, since nothing remembers
   * how far it was; and a row that follows from another committed one never comes before it, since whoever sees the later one
   * committed sees the earlier one too, and ids ascend from one to the other.
   */
  take(rows: number, bytes: number): Promise<OutboxRow[]>;
  remove(rows: readonly OutboxRow[]): Promise<void>;
  close(): Promise<void>;
}

interface Row extends Omit<OutboxRow, 'headers' | 'madeMs'> {
  readonly headers: string;
  readonly made_ms: string;
}

/**
 * Opens the outbox in `table` (a schema may stand in front), on one connection that holds an advisory lock: the lock ends with the
 * connection, so a relay that dies is succeeded at once. Null: another one holds it.
 */
export async function openOutbox(url: string, table: string): Promise<HeldOutbox | null> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `annals outbox-relay ${process.pid}`,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
  });
  // the next query reports it
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ got: boolean }>("select pg_try_advisory_lock(hashtextextended('annals outbox ' || $1, 0)) as got", [
    table,
  ]);
  if (rows[0]?.got === true) return held(client, table.split('.').map(pg.escapeIdentifier).join('.'));
  await client.end();
  return null;
}

function held(client: pg.Client, table: string): HeldOutbox {
  return {
    async take(rows, bytes) {
      const found = await client.query<Row>(
        `select id, topic, key, headers, value, (extract(epoch from made_at) * 1000)::bigint as made_ms
         from (select *, sum(octet_length(value)) over (order by id) - octet_length(value) as before
               from (select * from ${table} order by id limit $1) as oldest) as measured
         where before = 0 or before + octet_length(value) <= $2 order by id`,
        [rows, bytes],
      );
      return found.rows.map(({ made_ms, headers, ...row }) => ({
        ...row,
        headers: JSON.parse(headers) as Record<string, string>,
        madeMs: Number(made_ms),
      }));
    },
    async remove(rows) {
      await client.query(`delete from ${table} where id = any($1::bigint[])`, [rows.map(({ id }) => id)]);
    },
    close: () => client.end(),
  };
}
