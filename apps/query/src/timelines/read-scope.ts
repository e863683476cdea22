import type { ReadScope, TimelineName } from '#libs/store';
import type { Principal } from '../auth/principal.js';
import { forbidden, notFound } from '../http/problem-exception.js';

/** What the database lets this caller see. */
export function scopeOf(principal: Principal): ReadScope {
  const { tenantId } = principal;
  return principal.kind === 'customer' ? { tenantId, audience: 'customer', customer: principal.entity } : { tenantId, audience: 'staff' };
}

/** A customer reads one timeline, its own: any other is as good as unknown, and there is no feed. */
export function assertMayRead(principal: Principal, timeline: TimelineName): void {
  if (principal.kind !== 'customer') return;
  if (timeline.kind === 'feed') throw forbidden('the feed is for staff');
  const own = timeline.type === principal.entity.type && timeline.id === principal.entity.id;
  if (!own) throw notFound();
}

/** Who did it and what was taken back is for staff to ask. */
export function assertMayFilter(principal: Principal, asked: { readonly actor?: unknown; readonly includeRetracted?: boolean }): void {
  if (principal.kind !== 'customer') return;
  if (asked.includeRetracted) throw forbidden('is for staff', 'includeRetracted');
  if (asked.actor !== undefined) throw forbidden('is for staff', 'actor');
}
