import fastify from 'fastify';
import pg from 'pg';

/**
 * The least that can answer with a page: Fastify, a pool of as many connections as the query app has, and the statement of annals'
 * own reads, prepared. It knows no token, checks nothing, and sends the rows as the database gives them.
 */
const MARK = 'bench';
const FIELDS = [
  ...['id', 'position', 'type', 'sourceType', 'version', 'source', 'sourceId', 'occurredAt', 'appendedAt', 'timeQuality', 'ingestMode'],
  ...['actorType', 'actorId', 'entities', 'recordedAt', 'onBehalfOf', 'correlationId', 'causationId', 'traceparent', 'summary', 'payload'],
  'retractedAtPosition',
];
const SQL = `select lines from annals.read_timeline($1, 'staff', null, $2, $3, null, null, null, null, null, null, false,
  null, 50, null, null, null, false, false, '${MARK}')`;

interface Asked {
  readonly tenantId: string;
  readonly entityType: string;
  readonly entityId: string;
}

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const app = fastify();

app.get<{ Querystring: Asked }>('/timeline', async ({ query: { tenantId, entityType, entityId } }) => {
  const { rows } = await pool.query<{ lines: string | null }>({ name: 'page', text: SQL, values: [tenantId, entityType, entityId] });
  const lines = rows[0]?.lines?.split(`\x1e${MARK}`) ?? [];
  return lines.slice(0, 50).map(rowOf);
});

process.once('SIGTERM', () => void app.close().then(() => pool.end()));
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });

function rowOf(line: string): Record<string, string> {
  const row: Record<string, string> = {};
  line.split(`\x1f${MARK}`).forEach((value, i) => (row[FIELDS[i] ?? ''] = value));
  return row;
}
