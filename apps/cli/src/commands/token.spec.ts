import { decodeJwt } from 'jose';
import { tokenFor, type TokenOptions } from './token.js';

const TENANT = '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11';
const around = { dataDir: '/nowhere', JWT_SECRET: 'x'.repeat(32) };
const asked = (more: Partial<TokenOptions>): TokenOptions => ({ tenant: [TENANT], ttl: '1h', ...more });

describe('annals token', () => {
  it('says who, for which tenants and for how long', async () => {
    const { iat = 0, exp = 0, ...claims } = decodeJwt(await tokenFor(asked({ user: 'jane@example.com' }), around));
    expect(claims).toEqual({ sub: 'jane@example.com', kind: 'user', tenants: [TENANT] });
    expect(exp - iat).toBe(3600);
  });

  it('names the record of a customer', async () => {
    const claims = decodeJwt(await tokenFor(asked({ customer: 'contact/contact-abc', ttl: '7d' }), around));
    expect(claims).toMatchObject({ kind: 'customer', entity: 'contact/contact-abc' });
  });

  it.each([
    [{ user: 'jane', tenant: ['acme'] }, /--tenant must be a UUID/],
    [{}, /Name one holder/],
    [{ user: 'jane', customer: 'contact/abc' }, /Name one holder/],
    [{ customer: 'account/acc-1' }, /--customer must read/],
    [{ user: 'jane', ttl: 'long' }, /--ttl must read like/],
  ])('refuses %j as a wrong question', async (more, sentence) => {
    await expect(tokenFor(asked(more), around)).rejects.toThrow(sentence);
    await expect(tokenFor(asked(more), around)).rejects.toMatchObject({ exitCode: 2 });
  });

  it('says what makes the secret where there is none', async () => {
    await expect(tokenFor(asked({ user: 'jane' }), { dataDir: '/nowhere' })).rejects.toThrow(
      /no secret in \/nowhere yet: npm start makes it/,
    );
  });
});
