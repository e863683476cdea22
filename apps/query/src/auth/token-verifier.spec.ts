import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { mintToken } from '#libs/service';
import { createTokenVerifier } from './token-verifier.js';

const secret = 'a secret of at least thirty-two bytes';
const tenant = '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11';
const claims: JWTPayload = { sub: 'jane', kind: 'user', tenants: [tenant] };
const inAMinute = () => Math.floor(Date.now() / 1000) + 60;
const hs256 = (payload: JWTPayload, key = secret, alg = 'HS256') => new SignJWT(payload).setProtectedHeader({ alg }).sign(Buffer.from(key));

describe('a token under a shared secret', () => {
  const verify = createTokenVerifier({ JWT_SECRET: secret });

  it('is good when signed with it, and says who holds it for which tenants', async () => {
    expect(await verify(await mintToken({ secret, tenants: [tenant.toUpperCase()], user: 'jane', scope: 'read write' }))).toEqual({
      outcome: 'valid',
      claims: { kind: 'user', userId: 'jane', tenants: [tenant], scopes: ['read', 'write'], expiresAt: expect.any(Number) as number },
    });
  });

  it('binds a customer to a contact, lead or merchant and to nothing else', async () => {
    const of = async (entity: string) => verify(await hs256({ ...claims, kind: 'customer', entity, exp: inAMinute() }));
    expect(await of('contact/a/b')).toMatchObject({ outcome: 'valid', claims: { entity: { type: 'contact', id: 'a/b' } } });
    for (const entity of ['account/acc-1', 'contact/', 'contact', '', 'contact/a\0b', `lead/${'x'.repeat(256)}`])
      expect(await of(entity)).toEqual({ outcome: 'invalid' });
  });

  it.each<[string, () => Promise<string> | string]>([
    ['another secret', () => hs256({ ...claims, exp: inAMinute() }, 'another secret of thirty-two bytes!!')],
    ['another algorithm of the same family', () => hs256({ ...claims, exp: inAMinute() }, secret.repeat(2), 'HS512')],
    ['no signature', () => new UnsecuredJWT({ ...claims, exp: inAMinute() }).encode()],
    ['no end', () => hs256(claims)],
    ['no holder', () => hs256({ ...claims, sub: '', exp: inAMinute() })],
    ['a holder that no actor could be', () => hs256({ ...claims, sub: 'jane\0', exp: inAMinute() })],
    ['a holder longer than an actor may be', () => hs256({ ...claims, sub: 'j'.repeat(256), exp: inAMinute() })],
    ['no tenant', () => hs256({ ...claims, tenants: [], exp: inAMinute() })],
    ['a tenant that is none', () => hs256({ ...claims, tenants: ['acme'], exp: inAMinute() })],
    ['an unknown kind of holder', () => hs256({ ...claims, kind: 'admin', exp: inAMinute() })],
    ['a start in the future', () => hs256({ ...claims, nbf: inAMinute(), exp: inAMinute() })],
    ['nothing in it', () => 'a.b.c'],
    ['ten thousand letters', () => 'x'.repeat(10_000)],
  ])('is refused with %s', async (_, token) => {
    expect(await verify(await token())).toEqual({ outcome: 'invalid' });
  });

  it('is refused once it has expired, five seconds of clock difference aside', async () => {
    const now = Math.floor(Date.now() / 1000);
    expect(await verify(await hs256({ ...claims, exp: now - 60 }))).toEqual({ outcome: 'expired' });
    expect(await verify(await hs256({ ...claims, exp: now - 2 }))).toMatchObject({ outcome: 'valid' });
  });

  it('is remembered no longer than it is good for', async () => {
    let now = Date.now();
    const remembering = createTokenVerifier({ JWT_SECRET: secret }, () => now);
    const token = await hs256({ ...claims, exp: Math.floor(now / 1000) + 30 });
    await remembering(token);
    expect(remembering(token)).toMatchObject({ outcome: 'valid' });
    now += 31_000;
    expect(remembering(token)).toBeInstanceOf(Promise);
  });

  it('is checked for issuer and audience where they are set', async () => {
    const strict = createTokenVerifier({ JWT_SECRET: secret, JWT_ISSUER: 'https://id.example.com/', JWT_AUDIENCE: 'annals' });
    expect(await strict(await hs256({ ...claims, exp: inAMinute() }))).toEqual({ outcome: 'invalid' });
    const token = await mintToken({ secret, tenants: [tenant], user: 'jane', issuer: 'https://id.example.com/', audience: 'annals' });
    expect(await strict(token)).toMatchObject({ outcome: 'valid' });
  });
});

describe('a token under a key set', () => {
  let server: Server;
  let url: string;
  let failing = false;
  const keys = generateKeyPair('ES256', { extractable: true });
  beforeAll(async () => {
    const jwk = { ...(await exportJWK((await keys).publicKey)), kid: 'k1', alg: 'ES256' };
    server = createServer((_, response) => response.writeHead(failing ? 500 : 200).end(JSON.stringify({ keys: [jwk] })));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const es256 = async (kid: string) =>
    new SignJWT({ ...claims, exp: inAMinute() }).setProtectedHeader({ alg: 'ES256', kid }).sign((await keys).privateKey);

  it('is good when one of the keys signed it', async () => {
    expect(await createTokenVerifier({ JWKS_URL: url })(await es256('k1'))).toMatchObject({ outcome: 'valid' });
  });

  it('is refused when it names an unknown key', async () => {
    expect(await createTokenVerifier({ JWKS_URL: url })(await es256('k2'))).toEqual({ outcome: 'invalid' });
  });

  it('is refused when the public key was taken for a shared secret', async () => {
    const publicText = await exportSPKI((await keys).publicKey);
    expect(await createTokenVerifier({ JWKS_URL: url })(await hs256({ ...claims, exp: inAMinute() }, publicText))).toEqual({
      outcome: 'invalid',
    });
  });

  it('is neither good nor bad while the keys cannot be fetched', async () => {
    failing = true;
    expect(await createTokenVerifier({ JWKS_URL: url })(await es256('k1'))).toEqual({ outcome: 'unknown' });
    expect(await createTokenVerifier({ JWKS_URL: 'http://127.0.0.1:1/' })(await es256('k1'))).toEqual({ outcome: 'unknown' });
  });
});
