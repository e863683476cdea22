import { SignJWT } from 'jose';
import { LEAST_SECRET_BYTES } from '../config/jwt.js';

export type TokenHolder =
  /** A member of staff. */
  | { readonly user: string }
  /** A customer, as `contact/<id>`: sees that record's timeline only. */
  | { readonly customer: string }
  /** Another program. */
  | { readonly service: string };

export type TokenRequest = TokenHolder & {
  /** At least 32 bytes. */
  readonly secret: string;
  /** The tenants the holder may act for, UUIDs. */
  readonly tenants: readonly string[];
  readonly ttlSeconds?: number;
  /** Space separated. */
  readonly scope?: string;
  readonly issuer?: string;
  readonly audience?: string;
};

const DAY_SECONDS = 86_400;

/** An HS256 token for a stack with a shared secret; good for a day unless told otherwise. Throws on a secret that is too short. */
export function mintToken(request: TokenRequest): Promise<string> {
  const key = Buffer.from(request.secret);
  if (key.length < LEAST_SECRET_BYTES) throw new Error(`a token secret needs ${LEAST_SECRET_BYTES} bytes or more`);
  const token = new SignJWT({ tenants: request.tenants, ...claimsOf(request), ...(request.scope && { scope: request.scope }) })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt()
    .setExpirationTime(`${request.ttlSeconds ?? DAY_SECONDS} s`);
  if (request.issuer) token.setIssuer(request.issuer);
  if (request.audience) token.setAudience(request.audience);
  return token.sign(key);
}

function claimsOf(holder: TokenHolder): Record<string, string> {
  if ('customer' in holder) return { sub: holder.customer, kind: 'customer', entity: holder.customer };
  return 'user' in holder ? { sub: holder.user, kind: 'user' } : { sub: holder.service, kind: 'service' };
}
