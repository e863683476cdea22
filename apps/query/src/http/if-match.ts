import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { problem } from '#libs/service';
import type { FastifyRequest } from './fastify-types.js';
import { malformed, ProblemException } from './problem-exception.js';

/** The version that the header `If-Match` names (RFC 9110 § 13.1.1); `undefined`: none, or `*`. */
export const SeenVersion = createParamDecorator((_: unknown, context: ExecutionContext): number | undefined => {
  const given = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
  if (given === undefined || given === '*') return undefined;
  const [, version] = /^"(\d{1,9})"$/.exec(given) ?? [];
  if (version === undefined) throw malformed('if-match', 'must be the ETag of an earlier answer');
  return Number(version);
});

export const etagOf = (version: number): string => `"${version}"`;

/** 412: somebody has changed it meanwhile. */
export function changedMeanwhile(version: number): ProblemException {
  return new ProblemException(
    problem({ status: 412, type: 'changed-meanwhile', title: 'Changed meanwhile', detail: `its version is ${version} now; read it again` }),
  );
}
