import { jwtVerify } from 'jose';
import { mintToken } from './mint-token.js';

const secret = 'a secret of at least thirty-two bytes';
const tenants = ['5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11'];

describe('a minted token', () => {
  it('names the tenants, the holder and an end', async () => {
    const token = await mintToken({ secret, tenants, user: 'jane', ttlSeconds: 60 });
    const { payload, protectedHeader } = await jwtVerify(token, Buffer.from(secret));
    expect(protectedHeader.alg).toBe('HS256');
    expect(payload).toMatchObject({ sub: 'jane', kind: 'user', tenants });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
  });

  it('binds a customer to one record', async () => {
    const token = await mintToken({ secret, tenants, customer: 'contact/c-1' });
    expect((await jwtVerify(token, Buffer.from(secret))).payload).toMatchObject({ kind: 'customer', entity: 'contact/c-1' });
  });

  it('is refused for a secret that is too short', () => {
    expect(() => mintToken({ secret: 'short', tenants, user: 'jane' })).toThrow('32 bytes');
  });
});
