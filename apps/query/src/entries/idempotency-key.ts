import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from '../http/fastify-types.js';
import { malformed } from '../http/problem-exception.js';

export const KEY_HEADER = 'Idempotency-Key';

/** The header `Idempotency-Key`: visible ASCII and blanks, 1 to 255; `undefined` where none was sent. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const given = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
  if (given === undefined) return undefined;
  const key = Array.isArray(given) ? given.join() : given;
  if (!/^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(key)) throw malformed(KEY_HEADER, 'must be 1 to 255 characters of ASCII');
  return key;
});
