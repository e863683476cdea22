import fc from 'fast-check';
import type { Principal } from '../auth/principal.js';
import { openCursor, sealCursor } from './page-cursor.js';
import { parsePin, printPin } from './pin.js';
import { createSealedText } from '#libs/service';

const sealed = createSealedText('a secret of at least thirty-two bytes', 'spec');
const tenantId = '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11';
const staff: Principal = { kind: 'user', tenantId, userId: 'jane', scopes: [], expiresAt: 0 };
const customer = (id: string): Principal => ({
  kind: 'customer',
  tenantId,
  userId: 'c',
  scopes: [],
  expiresAt: 0,
  entity: { type: 'contact', id },
});

describe('a cursor', () => {
  it('comes back as it was, for times before 1684 as well', () => {
    const number = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
    const time = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n });
    const cursor = fc.record({ pin: number, occurredAt: time, position: number, page: fc.nat() });
    fc.assert(
      fc.property(cursor, fc.string(), (c, binding) => expect(openCursor(sealed, sealCursor(sealed, c, binding), binding)).toEqual(c)),
    );
  });

  it('opens for no other query and no other key', () => {
    const token = sealCursor(sealed, { pin: 9n, occurredAt: 1n, position: 2n, page: 3 }, 'tenant a');
    expect(openCursor(sealed, token, 'tenant b')).toBeUndefined();
    expect(openCursor(createSealedText('another secret of 32 bytes or more', 'spec'), token, 'tenant a')).toBeUndefined();
  });

  it('cannot be made up or changed', () => {
    const token = sealCursor(sealed, { pin: 9n, occurredAt: 1n, position: 2n, page: 3 }, 'x');
    fc.assert(fc.property(fc.string({ maxLength: 500 }), (text) => expect(openCursor(sealed, text, 'x')).toBeUndefined()));
    fc.assert(
      fc.property(fc.nat(token.length - 2), (i) => {
        const other = token[i] === 'A' ? 'B' : 'A';
        expect(openCursor(sealed, token.slice(0, i) + other + token.slice(i + 1), 'x')).toBeUndefined();
      }),
    );
  });
});

describe('a pin', () => {
  it('is the position for staff', () => {
    expect(printPin(sealed, staff, 42n)).toBe('42');
    expect(parsePin(sealed, staff, '42')).toBe(42n);
    for (const text of ['-1', '1.5', 'x', '', '9223372036854775808']) expect(parsePin(sealed, staff, text)).toBeUndefined();
  });

  it('is opaque for a customer, and good for that customer only', () => {
    const pin = JSON.parse(printPin(sealed, customer('c-1'), 42_424_242n)) as string;
    expect(pin).not.toContain('42424242');
    expect(parsePin(sealed, customer('c-1'), pin)).toBe(42_424_242n);
    expect(parsePin(sealed, customer('c-2'), pin)).toBeUndefined();
    expect(parsePin(sealed, customer('c-1'), '42')).toBeUndefined();
  });
});
