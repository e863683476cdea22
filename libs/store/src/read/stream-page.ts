import type pg from 'pg';
import { askForRows, type NamedRead } from './read-rows.js';
import { postgresTime } from './postgres-time.js';
import { scopeValues } from './scope-values.js';
import type { ReadScope, StreamPage, StreamQuery } from './types.js';

const READ_STREAM: NamedRead = {
  name: 'annals.read_stream',
  text: `select lines, reached, head, refs
           from annals.read_stream($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
};

/** One step onwards through the log, in one round trip; see docs/decisions/0041-live-feed.md. */
export async function streamPage(pool: pg.Pool, scope: ReadScope, query: StreamQuery): Promise<StreamPage> {
  const { rows, rest } = await askForRows(pool, READ_STREAM, [...scopeValues(scope), ...queryValues(query)]);
  const [reached, head, refs] = rest;
  return { rows, reached: BigInt(reached ?? 0), head: BigInt(head ?? 0), refs: refsOf(refs ?? null) };
}

function queryValues({ entity, filter, after, limit, bytes }: StreamQuery): unknown[] {
  const time = (microseconds: bigint | undefined): string | null => (microseconds === undefined ? null : postgresTime(microseconds));
  const { types, actor, from, to, includeRetracted } = filter;
  return [entity?.type, entity?.id, types, actor?.type, actor?.id, time(from), time(to), includeRetracted === true, after, limit, bytes];
}

/** `{uuid,uuid}` as the server prints it. */
function refsOf(printed: string | null): string[] {
  return printed === null ? [] : printed.slice(1, -1).replaceAll('-', '').split(',');
}
