import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose';
import { readClaims, type Claims } from './claims.js';
import { VerifiedTokens } from './verified-tokens.js';

export type Verification =
  | { readonly outcome: 'valid'; readonly claims: Claims }
  | { readonly outcome: 'invalid' | 'expired' }
  /** The keys could not be fetched: nothing is known about the token. */
  | { readonly outcome: 'unknown' };

/** Checks signature, times, issuer and audience. Never rejects. */
export type TokenVerifier = (token: string) => Promise<Verification> | Verification;

export interface TokenKeys {
  readonly JWKS_URL?: string | undefined;
  readonly JWT_SECRET?: string | undefined;
  readonly JWT_ISSUER?: string | undefined;
  readonly JWT_AUDIENCE?: string | undefined;
}

/** A header never chooses the algorithm's family: public keys verify signatures only, the shared secret HS256 only. */
const PUBLIC_KEY_ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];
const SECRET_ALGORITHMS = ['HS256'];
const CLOCK_TOLERANCE_SECONDS = 5;
/** Longer ones are not worth a signature check. */
const LONGEST_TOKEN = 8192;

export function createTokenVerifier(keys: TokenKeys, now: () => number = Date.now): TokenVerifier {
  const check = signatureCheck(keys);
  const verified = new VerifiedTokens();
  return (token) => {
    const known = verified.get(token, now());
    if (known) return { outcome: 'valid', claims: known };
    return token.length > LONGEST_TOKEN ? { outcome: 'invalid' } : verifyNew(check, token, verified, now);
  };
}

async function verifyNew(check: SignatureCheck, token: string, verified: VerifiedTokens, now: () => number): Promise<Verification> {
  try {
    const payload = await check(token);
    const claims = readClaims(payload);
    if (claims === undefined) return { outcome: 'invalid' };
    verified.add(token, claims, (payload.exp ?? 0) * 1000, now());
    return { outcome: 'valid', claims };
  } catch (error) {
    return { outcome: outcomeOf(error) };
  }
}

/** A key set that does not answer rejects with a timeout, a network error, or jose's general error about the answer's status. */
function outcomeOf(error: unknown): 'invalid' | 'expired' | 'unknown' {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) return 'unknown';
  return error.constructor === errors.JOSEError ? 'unknown' : 'invalid';
}

type SignatureCheck = (token: string) => Promise<JWTPayload>;

function signatureCheck(keys: TokenKeys): SignatureCheck {
  const options: JWTVerifyOptions = {
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ['exp', 'sub'],
    ...(keys.JWT_ISSUER && { issuer: keys.JWT_ISSUER }),
    ...(keys.JWT_AUDIENCE && { audience: keys.JWT_AUDIENCE }),
  };
  if (keys.JWKS_URL) {
    const keySet: JWTVerifyGetKey = createRemoteJWKSet(new URL(keys.JWKS_URL), { timeoutDuration: 3000 });
    return async (token) => (await jwtVerify(token, keySet, { ...options, algorithms: PUBLIC_KEY_ALGORITHMS })).payload;
  }
  const secret = Buffer.from(keys.JWT_SECRET ?? '');
  if (secret.length < 32) throw new Error('tokens need JWKS_URL, or a JWT_SECRET of 32 bytes or more');
  return async (token) => (await jwtVerify(token, secret, { ...options, algorithms: SECRET_ALGORITHMS })).payload;
}
