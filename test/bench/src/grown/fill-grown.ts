import type pg from 'pg';
import type { ExportedRows } from '../ingest/copy-rows.js';
import { progress } from '../report/progress.js';
import { connectTo, type BenchDatabase } from '../stack/databases.js';
import { columnsOf, dropKeys } from './keys.js';

/** Over how many days the stored events spread: two and a half years. */
const SPREAD_DAYS = 912;

/**
 * Fills an empty database with `copies` times the exported rows, as if they had come in over two and a half years: identities,
 * positions and times are new in every copy, what the events say and refer to is the same. Written in the order of the log, so
 * that rows lie on disk as appends would have laid them; keys are built afterwards.
 */
export async function fillGrown(database: BenchDatabase, rows: ExportedRows, copies: number): Promise<void> {
  const { client } = database;
  const second = await connectTo(database);
  try {
    await stage(client, rows);
    const keys = { events: await dropKeys(client, 'events'), timeline: await dropKeys(client, 'timeline') };
    progress(`Writing ${(rows.events * copies).toLocaleString('en-US')} events and their timelines`);
    const plan = { copies, events: rows.events, untilMs: Date.now() };
    await Promise.all([writeCopies(client, plan, await eventsSql(client)), writeCopies(second, plan, await timelineSql(client))]);
    progress('Building their keys');
    await Promise.all([keys.events(client), keys.timeline(second)]);
    await client.query(restSql(copies));
  } finally {
    await second.end();
  }
}

const STAGED = ['events', 'timeline', 'heads', 'offsets', 'comments'];

/** `late`: how long after the fact the event was made; `nth`: its place in the log across all tenants; `head`: events of its tenant. */
async function stage(client: pg.Client, rows: ExportedRows): Promise<void> {
  await client.query(
    `create schema grown; ${STAGED.map((table) => `create unlogged table grown.${table} (like annals.${table})`).join(';')}`,
  );
  for (const { table, path } of rows.files) if (STAGED.includes(table)) await client.query(`copy grown.${table} from '${path}'`);
  await client.query(`
    create unlogged table grown.base as
      select e.*, coalesce(e.recorded_at - e.occurred_at, interval '0') as late, row_number() over (order by e.ctid) as nth, h.position as head
        from grown.events e join grown.heads h using (tenant_id) order by nth;
    create unlogged table grown.lines as
      select t.*, b.late, b.nth, b.head from grown.timeline t join grown.base b using (tenant_id, position) order by b.nth;
    analyze grown.base; analyze grown.lines`);
}

/** $1: number of the copy, 0 the oldest; $2: when it begins; $3: time from one event to the next. */
const MADE = '($2::timestamptz + b.nth * $3::interval)';
const HAPPENED = `(${MADE} - b.late)`;
const POSITION = 'b.position + $1::int * b.head';

async function eventsSql(client: pg.Client): Promise<string> {
  const changed: Record<string, string> = {
    position: POSITION,
    occurred_at: HAPPENED,
    recorded_at: MADE,
    appended_at: MADE,
    // the time stays in front: see the column's comment
    id: `(lpad(to_hex((extract(epoch from ${MADE}) * 1000)::bigint), 12, '0') || substr(md5(b.id::text || $1::int), 13))::uuid`,
    source_id: `b.source_id || '-' || $1::int`,
  };
  return insertSql('events', 'base', await columnsOf(client, 'events'), changed);
}

async function timelineSql(client: pg.Client): Promise<string> {
  const utc = `${HAPPENED} at time zone 'UTC'`;
  const changed = {
    position: POSITION,
    occurred_at: HAPPENED,
    bucket: `(date_part('year', ${utc}) * 12 + date_part('month', ${utc}) - 1)::smallint`,
  };
  return insertSql('timeline', 'lines', await columnsOf(client, 'timeline'), changed);
}

function insertSql(table: string, from: string, columns: readonly string[], changed: Record<string, string>): string {
  const names = columns.map((column) => `"${column}"`).join(', ');
  const values = columns.map((column) => changed[column] ?? `b."${column}"`).join(', ');
  return `insert into annals.${table} (${names}) select ${values} from grown.${from} b`;
}

interface CopyPlan {
  readonly copies: number;
  readonly events: number;
  readonly untilMs: number;
}

async function writeCopies(client: pg.Client, { copies, events, untilMs }: CopyPlan, sql: string): Promise<void> {
  // the staged rows are read in the order they lie in, whoever else reads them
  await client.query('set synchronize_seqscans = off');
  const copySeconds = (SPREAD_DAYS * 86_400) / copies;
  for (let copy = 0; copy < copies; copy++) {
    const begins = new Date(untilMs - (copies - copy) * copySeconds * 1000);
    await client.query(sql, [copy, begins, `${copySeconds / events} seconds`]);
  }
}

/** The offsets are those of the exported rows: ingest goes on where they end. */
const restSql = (copies: number): string => `
  insert into annals.heads select tenant_id, position * ${copies}, appended_at from grown.heads;
  insert into annals.offsets select * from grown.offsets;
  insert into annals.months select distinct tenant_id, bucket from annals.timeline;
  insert into annals.comments (tenant_id, comment, position, comment_id, parent_comment_id)
    select c.tenant_id, c.comment, c.position + copy * h.position, c.comment_id, c.parent_comment_id
      from grown.comments c join grown.heads h using (tenant_id), generate_series(0, ${copies - 1}) copy;
  drop schema grown cascade`;
