import { selectTenant } from './select-tenant.js';
import { VerifiedTokens } from './verified-tokens.js';

const [a, b, c] = ['5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11', '6b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11', '7b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11'];

describe('the tenant of a request', () => {
  it('is chosen by orgid among those the token names, in either case', () => {
    expect(selectTenant([a, b], b.toUpperCase(), true)).toEqual({ outcome: 'chosen', tenantId: b });
  });

  it('is never one that the token does not name', () => {
    expect(selectTenant([a, b], c, false)).toEqual({ outcome: 'not_allowed' });
  });

  it('needs no orgid where the token names a single one, unless the path wants it', () => {
    expect(selectTenant([a], undefined, false)).toEqual({ outcome: 'chosen', tenantId: a });
    expect(selectTenant([a], undefined, true)).toEqual({ outcome: 'missing' });
    expect(selectTenant([a, b], '', false)).toEqual({ outcome: 'missing' });
  });

  it('is malformed where orgid is no UUID, or is sent twice', () => {
    for (const orgid of ['acme', `${a},${b}`, `${a} `]) expect(selectTenant([a, b], orgid, true)).toEqual({ outcome: 'malformed' });
  });
});

describe('the memory of verified tokens', () => {
  const claims = { kind: 'user', userId: 'jane', tenants: [a], scopes: [], expiresAt: 0 } as const;

  it('lasts a minute at most', () => {
    const tokens = new VerifiedTokens();
    tokens.add('t', claims, 1e12, 0);
    expect(tokens.get('t', 59_999)).toBe(claims);
    expect(tokens.get('t', 60_000)).toBeUndefined();
  });

  it('is bounded: the oldest goes first', () => {
    const tokens = new VerifiedTokens(2);
    for (const token of ['t1', 't2', 't3']) tokens.add(token, claims, 1e12, 0);
    expect(['t1', 't2', 't3'].map((token) => tokens.get(token, 1) !== undefined)).toEqual([false, true, true]);
  });
});
