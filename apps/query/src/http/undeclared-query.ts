import type { ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from './fastify-types.js';
import { fieldProblem } from './problem-exception.js';

const QUERY = `${RouteParamtypes.QUERY}:`;

/** 400 for parameters of a route that takes none: one that takes some has a class, whose validation names what is not declared. */
export function refuseUndeclaredQuery(context: ExecutionContext, { query }: FastifyRequest): void {
  const names = Object.keys(query ?? {});
  if (names.length === 0 || takesQuery(context)) return;
  const faults = names.map((field) => ({ field, message: 'is no parameter of this request' }));
  throw fieldProblem(400, 'malformed', faults);
}

function takesQuery(context: ExecutionContext): boolean {
  // what @Query() has left there
  const args = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) as object | undefined;
  return Object.keys(args ?? {}).some((kind) => kind.startsWith(QUERY));
}
