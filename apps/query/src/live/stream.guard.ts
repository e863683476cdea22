import { Injectable, type ExecutionContext } from '@nestjs/common';
import { redeemTicket } from '#libs/store';
import { AuthGuard, type AuthenticatedRequest } from '../auth/auth.guard.js';
import type { Principal } from '../auth/principal.js';
import { forbidden, unauthenticated } from '../http/problem-exception.js';

/**
 * As {@link AuthGuard}, or with `?ticket=` in place of the token. The ticket is used up even if the request fails later. A token that is taken
 * elsewhere for some seconds after its end, because clocks differ, opens no stream: it would end at once, and be opened again.
 */
@Injectable()
export class StreamGuard extends AuthGuard {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const { ticket } = request.query as Readonly<Record<string, unknown>>;
    if (ticket === undefined) return (await super.canActivate(context)) && isInForce(request.principal);
    const principal = await this.redeemed(ticket);
    const { orgid = principal.tenantId } = request.headers;
    if (typeof orgid !== 'string' || orgid.toLowerCase() !== principal.tenantId)
      throw forbidden('the ticket is for another tenant', 'orgid');
    request.principal = principal;
    return true;
  }

  private async redeemed(ticket: unknown): Promise<Principal> {
    const holder = typeof ticket === 'string' ? await redeemTicket(this.parts.app, ticket) : undefined;
    if (holder === undefined) throw unauthenticated('the ticket is unknown, expired or used', true);
    const { kind, entity, ...caller } = holder;
    if (kind !== 'customer') return { ...caller, kind, scopes: [] };
    if (entity === undefined) throw unauthenticated('the ticket names no record', true);
    return { ...caller, kind, entity, scopes: [] };
  }
}

function isInForce({ expiresAt }: Principal): true {
  if (expiresAt <= Date.now()) throw unauthenticated('the token has expired', true);
  return true;
}
