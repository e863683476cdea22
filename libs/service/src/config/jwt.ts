import { z } from 'zod';
import type { ConfigCheck } from './define-config.js';
import { text, urlText } from './values.js';
import { optionalVariable } from './variable.js';

/** RFC 7518 § 3.2: an HS256 key has at least the size of the hash. */
export const LEAST_SECRET_BYTES = 32;

const secret = z
  .string()
  .refine((value) => Buffer.byteLength(value) >= LEAST_SECRET_BYTES, `must be at least ${LEAST_SECRET_BYTES} bytes long`);

export const jwtVariables = {
  JWKS_URL: optionalVariable(urlText('https', 'http'), {
    description: 'Public keys of the issuer of tokens (RS256, ES256 or EdDSA)',
    example: 'https://id.example.com/.well-known/jwks.json',
  }),
  JWT_SECRET: optionalVariable(secret, {
    description: 'Shared secret of HS256 tokens, 32 bytes or more, instead of JWKS_URL',
    secret: true,
  }),
  JWT_ISSUER: optionalVariable(text(), { description: 'Required `iss` of a token', example: 'https://id.example.com/' }),
  JWT_AUDIENCE: optionalVariable(text(), { description: 'Required `aud` of a token', example: 'annals' }),
};

/** Exactly one source of keys: with both, a public key could be taken for a shared secret. */
export const jwtCheck: ConfigCheck = (values) => {
  if (!('JWKS_URL' in values) || !('JWT_SECRET' in values)) return [];
  const given = [values['JWKS_URL'], values['JWT_SECRET']].filter((value) => value !== undefined).length;
  if (given === 1) return [];
  return [{ variable: 'JWKS_URL', message: given === 0 ? 'or JWT_SECRET is required' : 'and JWT_SECRET exclude each other' }];
};
