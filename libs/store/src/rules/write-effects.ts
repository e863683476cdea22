import type { TenantClient } from '../connect/in-tenant.js';
import { eventId } from '../prepare/event-id.js';

/** What a rule does about an event for one user. */
export interface Effect {
  readonly tenantId: string;
  readonly ruleId: string;
  readonly ruleVersion: number;
  /** Item id. */
  readonly eventId: string;
  readonly position: bigint;
  readonly recipient: string;
  readonly outcome: 'fired' | 'held: backfill' | 'too old' | 'retracted';
  /** Shown to the recipient beside the event: the rule's name. */
  readonly reason: string;
}

const AT_ONCE = 5_000;

/**
 * Writes what is not in the ledger yet, and a notification for each effect that fires. An effect that is already there is left as it is,
 * so repeating this never tells anybody twice; nor does what lies behind the tenant's horizon, where the ledger has been pruned.
 */
export async function writeEffects(client: TenantClient, effects: readonly Effect[]): Promise<void> {
  for (let i = 0; i < effects.length; i += AT_ONCE) {
    await client.query({ name: 'annals.write_effects', text: WRITE, values: columns(effects.slice(i, i + AT_ONCE)) });
  }
}

function columns(effects: readonly Effect[]): unknown[] {
  return [
    effects.map(({ tenantId }) => tenantId),
    effects.map(({ ruleId }) => ruleId),
    effects.map(({ ruleVersion }) => ruleVersion),
    effects.map((effect) => effect.eventId),
    effects.map(({ position }) => String(position)),
    effects.map(({ recipient }) => recipient),
    effects.map(({ outcome }) => outcome),
    effects.map(({ reason }) => reason),
    effects.map(notificationId),
  ];
}

/** The same for the same effect, whoever writes it: readers of the topic know a repetition by it. */
export function notificationId({ tenantId, ruleId, ruleVersion, eventId: event, recipient }: Effect): string {
  return eventId(tenantId, 'annals:notification', JSON.stringify([ruleId, ruleVersion, event, recipient]));
}

const WRITE = `
  with given as materialized (
    select g.*
    from unnest($1::uuid[], $2::text[], $3::int[], $4::uuid[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::uuid[])
      g (tenant_id, rule_id, rule_version, event_id, position, recipient, outcome, reason, notification_id)
    left join annals_app.horizons h on h.consumer = 'rules' and h.tenant_id = g.tenant_id
    where h.position is null or g.position > h.position),
  written as (
    insert into annals_app.effects (tenant_id, rule_id, rule_version, event_id, position, recipient, outcome)
    select tenant_id, rule_id, rule_version, event_id, position, recipient, outcome from given
    on conflict do nothing
    returning tenant_id, rule_id, rule_version, event_id, recipient, outcome)
  insert into annals_app.notifications (tenant_id, id, recipient, rule_id, rule_version, reason, position, event_id)
  select tenant_id, g.notification_id, recipient, rule_id, rule_version, g.reason, g.position, event_id
  from given g join written w using (tenant_id, rule_id, rule_version, event_id, recipient)
  where w.outcome = 'fired'
  on conflict do nothing`;
