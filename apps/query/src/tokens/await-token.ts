import { problem } from '#libs/service';
import type { Principal } from '../auth/principal.js';
import type { FastifyRequest } from '../http/fastify-types.js';
import { forbidden, malformed, ProblemException } from '../http/problem-exception.js';
import { lookUntil, Watch } from '../live/watch.js';
import type { QueryParts } from '../query-parts.js';
import { parseToken, type PositionToken } from './position-token.js';

export const TOKEN_HEADER = 'position-token';
export const TOKEN_PARAMETER = 'token';

export type WaitParts = Pick<QueryParts, 'store' | 'wakes' | 'waits'>;

/**
 * Holds a request that carries a position token back until what the token names is visible, on whichever instance it was
 * written; heads and entries are the database's. Ends it with 400 (no token of ours), 403 (a customer: positions tell how
 * much is hidden) or 409 `not-yet-visible`. Takes the parameter out of the query: it belongs to no route.
 */
export async function awaitToken(parts: WaitParts, principal: Principal, request: FastifyRequest): Promise<void> {
  const text = tokenOf(request);
  if (text === undefined) return;
  if (principal.kind === 'customer') throw forbidden('position tokens are for staff', TOKEN_HEADER);
  const token = typeof text === 'string' ? parseToken(text) : undefined;
  if (token === undefined) throw malformed(TOKEN_HEADER, 'must be the token of one earlier answer');
  if (!(await becomesVisible(parts, principal.tenantId, token))) throw await notYetVisible(parts, principal.tenantId, token);
}

function tokenOf(request: FastifyRequest): unknown {
  const query = request.query as Record<string, unknown> | undefined;
  if (query === undefined || !Object.hasOwn(query, TOKEN_PARAMETER)) return request.headers[TOKEN_HEADER];
  const { [TOKEN_PARAMETER]: given, ...rest } = query;
  request.query = rest;
  return request.headers[TOKEN_HEADER] ?? given;
}

async function becomesVisible({ store, wakes, waits }: WaitParts, tenantId: string, token: PositionToken): Promise<boolean> {
  const look = async (): Promise<true | null> => {
    const visible =
      token.kind === 'position'
        ? (await store.head(tenantId)) >= token.position
        : (await store.eventById({ tenantId, audience: 'staff' }, token.id)) !== null;
    return visible || null;
  };
  const watch = new Watch(wakes, tenantId);
  try {
    return (await lookUntil(watch, waits.readMs, look)) !== null;
  } finally {
    watch.close();
  }
}

/** Says how far the caller's own log is: the id of another tenant's entry reads like one that never was. */
async function notYetVisible({ store }: WaitParts, tenantId: string, token: PositionToken): Promise<ProblemException> {
  const head = await store.head(tenantId);
  const asked = token.kind === 'position' ? String(token.position) : token.id;
  const lag = token.kind === 'position' ? String(token.position - head) : null;
  const detail = 'what the position token names is not in the log yet; ask again shortly';
  const document = problem({ status: 409, type: 'not-yet-visible', title: 'Not visible yet', detail });
  return new ProblemException({ ...document, ...{ asked, head: String(head), lag } }, { 'retry-after': '1' });
}
