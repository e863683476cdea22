import type { Principal } from '../auth/principal.js';
import type { FastifyRequest } from '../http/fastify-types.js';
import { ProblemException } from '../http/problem-exception.js';
import { TenantWakes } from '../live/tenant-wakes.js';
import type { QueryParts } from '../query-parts.js';
import { awaitToken } from './await-token.js';

const tenantId = '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11';
const ENTRY = '0192f0c4-7c1e-8b7a-9d1c-6f1b2a3c4d5e';
const staff = { kind: 'user', tenantId, userId: 'jane', scopes: [], expiresAt: 0 } as Principal;
const customer = { ...staff, kind: 'customer', entity: { type: 'contact', id: 'c' } } as Principal;

const wakes = new TenantWakes();
let head = 7n;
let entries: string[] = [];
const store = {
  head: () => Promise.resolve(head),
  eventById: (_: unknown, id: string) => Promise.resolve(entries.includes(id) ? {} : null),
} as unknown as QueryParts['store'];
beforeEach(() => {
  head = 7n;
  entries = [];
});

function grow(): void {
  head++;
  wakes.wake(new Map([[tenantId, head]]));
}

async function wait(token: unknown, { principal = staff, readMs = 10, query = {} } = {}): Promise<unknown> {
  const request = { headers: token === undefined ? {} : { 'position-token': token }, query } as unknown as FastifyRequest;
  try {
    await awaitToken({ store, wakes, waits: { writeMs: 0, readMs } }, principal, request);
    return request.query;
  } catch (error) {
    if (error instanceof ProblemException) return error.problem;
    throw error;
  }
}

describe('a position token', () => {
  it('lets a read through when the log is that far, and without one every read passes', async () => {
    for (const token of [undefined, '0', '7']) expect(await wait(token)).toEqual({});
  });

  it('holds a read back until the log is that far', async () => {
    const waiting = wait('9', { readMs: 20_000 });
    setImmediate(grow);
    setTimeout(grow, 5);
    expect(await waiting).toEqual({});
    expect(head).toBe(9n);
  });

  it('of an entry waits for that entry', async () => {
    const waiting = wait(ENTRY.toUpperCase(), { readMs: 20_000 });
    setTimeout(() => {
      entries.push(ENTRY);
      grow();
    }, 5);
    expect(await waiting).toEqual({});
  });

  it('ends a read with the lag where it takes too long', async () => {
    expect(await wait('10')).toMatchObject({ status: 409, type: 'urn:annals:problem:not-yet-visible', asked: '10', head: '7', lag: '3' });
    expect(await wait(ENTRY)).toMatchObject({ status: 409, asked: ENTRY, head: '7', lag: null });
  });

  it('may be a parameter, which no route has to know', async () => {
    expect(await wait(undefined, { query: { token: '7', limit: '5' } })).toEqual({ limit: '5' });
    expect(await wait(undefined, { query: { token: '8' } })).toMatchObject({ status: 409 });
  });

  it('is refused where it is none of ours', async () => {
    for (const token of ['', 'x', '-1', '7.5', '9223372036854775808', ['7', '8'], `${ENTRY}0`]) {
      expect(await wait(token)).toMatchObject({ status: 400, errors: [{ field: 'position-token' }] });
    }
  });

  it('is not for customers: positions tell how much is hidden', async () => {
    for (const token of ['7', '1000', 'x']) expect(await wait(token, { principal: customer })).toMatchObject({ status: 403 });
    expect(await wait(undefined, { principal: customer })).toEqual({});
  });
});
