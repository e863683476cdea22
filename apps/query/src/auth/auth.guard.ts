import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from '../http/fastify-types.js';
import { forbidden, malformed, unauthenticated, unavailable } from '../http/problem-exception.js';
import { refuseUndeclaredQuery } from '../http/undeclared-query.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { awaitToken } from '../tokens/await-token.js';
import type { Claims } from './claims.js';
import type { Principal } from './principal.js';
import { selectTenant } from './select-tenant.js';
import type { Verification } from './token-verifier.js';

export interface AuthenticatedRequest extends FastifyRequest {
  principal: Principal;
}

/** Seed 002 sends `orgid` with every request; annals' own paths may leave it out where the token names one tenant only. */
const NEEDS_ORGID = '/api/crm/';

/**
 * Turns the bearer token and `orgid` into `request.principal`, or ends the request with 400, 401, 403 or 503. A request that
 * carries a position token then waits here, on every route alike (`awaitToken`). A parameter where none is taken ends it with 400.
 */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(@Inject(QUERY_PARTS) protected readonly parts: QueryParts) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const claims = accepted(await this.parts.verifyToken(bearerToken(request.headers.authorization)));
    request.principal = principalOf(claims, request);
    await awaitToken(this.parts, request.principal, request);
    refuseUndeclaredQuery(context, request);
    return true;
  }
}

function bearerToken(header: string | undefined): string {
  const token = header === undefined ? undefined : /^bearer +([\w.~+/=-]+) *$/i.exec(header)?.[1];
  if (token === undefined) throw unauthenticated('send the header Authorization: Bearer <token>', header !== undefined);
  return token;
}

function accepted(verification: Verification): Claims {
  switch (verification.outcome) {
    case 'valid':
      return verification.claims;
    case 'expired':
      throw unauthenticated('the token has expired', true);
    case 'invalid':
      throw unauthenticated('the token is not valid', true);
    case 'unknown':
      throw unavailable('the keys of the token issuer cannot be reached');
  }
}

function principalOf({ tenants, ...holder }: Claims, request: FastifyRequest): Principal {
  const required = request.url.startsWith(NEEDS_ORGID);
  const choice = selectTenant(tenants, orgidOf(request), required);
  switch (choice.outcome) {
    case 'chosen':
      return { ...holder, tenantId: choice.tenantId };
    case 'malformed':
      throw malformed('orgid', 'must be a UUID');
    case 'not_allowed':
      throw forbidden('the token does not name this tenant', 'orgid');
    case 'missing':
      throw required
        ? forbidden('the header orgid is needed here', 'orgid')
        : malformed('orgid', 'is needed: the token names several tenants');
  }
}

function orgidOf(request: FastifyRequest): string | undefined {
  const value = request.headers['orgid'];
  return Array.isArray(value) ? value.join(',') : value;
}
