import { createSealedText } from '#libs/service';
import type { Principal } from '../auth/principal.js';
import { ProblemException } from '../http/problem-exception.js';
import { lastEventIdOf, streamIds } from './resume.js';

const sealed = createSealedText('a secret of at least thirty-two bytes', 'spec');
const caller = { tenantId: '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11', userId: 'u', scopes: [], expiresAt: 0 };
const customer = (id: string): Principal => ({ ...caller, kind: 'customer', entity: { type: 'contact', id } });

describe('the ids of a stream', () => {
  it('are positions for staff', () => {
    const ids = streamIds(sealed, { ...caller, kind: 'user' });
    expect(ids.print(42n)).toBe('42');
    expect(['0', '42', String(2n ** 63n - 1n)].map((id) => ids.parse(id))).toEqual([0n, 42n, 2n ** 63n - 1n]);
    for (const id of ['', '-1', '1.5', 'x', String(2n ** 63n), '9'.repeat(30)]) expect(() => ids.parse(id)).toThrow(ProblemException);
  });

  it('say nothing to a customer, not even by their length, and nothing at all to another one', () => {
    const ids = streamIds(sealed, customer('a'));
    const [small, large] = [ids.print(1n), ids.print(10n ** 17n)];
    expect(small.length).toBe(large.length);
    expect([ids.parse(small), ids.parse(large), ids.parse('0')]).toEqual([1n, 10n ** 17n, 0n]);
    expect(() => ids.parse('1')).toThrow(ProblemException);
    expect(() => streamIds(sealed, customer('b')).parse(small)).toThrow(ProblemException);
  });

  it('come from the header, which browsers renew, before the parameter, which they repeat', () => {
    expect(lastEventIdOf('7', '3')).toBe('7');
    expect(lastEventIdOf(undefined, '3')).toBe('3');
    expect(lastEventIdOf('', '')).toBeUndefined();
  });
});
