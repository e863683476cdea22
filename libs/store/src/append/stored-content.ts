import type pg from 'pg';
import { contentJson, type ActorType, type EntityRef, type EventContent } from '#libs/contracts';

/** `contentJson` of an event in the log; null: erased, whatever comes again is then taken for the same. */
export type StoredContent = string | null;

interface StoredRow {
  readonly key: string;
  readonly type: string;
  readonly entities: string;
  readonly actor_type: ActorType;
  readonly actor_id: string;
  readonly on_behalf_of: string | null;
  readonly time_quality: EventContent['timeQuality'];
  readonly occurred_at: string;
  readonly summary: string | null;
  readonly payload: string | null;
}

/** Contents of events that are in the log, by `contentKey`. Asked only when an identity is known already. */
export async function storedContents(
  client: pg.ClientBase,
  events: readonly { tenantId: string; position: number }[],
): Promise<Map<string, StoredContent>> {
  const { rows } = await client.query<StoredRow>(
    `select tenant_id || ':' || position as key, type, entities, actor_type, actor_id, on_behalf_of, time_quality,
            (extract(epoch from occurred_at) * 1000000)::bigint as occurred_at, summary, payload
     from unnest($1::uuid[], $2::bigint[]) as known (tenant_id, position) join annals.events using (tenant_id, position)`,
    [events.map(({ tenantId }) => tenantId), events.map(({ position }) => position)],
  );
  return new Map(rows.map((row) => [row.key, contentOfRow(row)]));
}

function contentOfRow(row: StoredRow): StoredContent {
  if (row.payload === null) return null;
  return contentJson({
    type: row.type,
    entities: JSON.parse(row.entities) as [EntityRef, ...EntityRef[]],
    actor: { type: row.actor_type, id: row.actor_id, ...(row.on_behalf_of !== null && { onBehalfOf: row.on_behalf_of }) },
    occurredAt: BigInt(row.occurred_at),
    timeQuality: row.time_quality,
    summary: row.summary,
    payload: row.payload,
  });
}

export const contentKey = (tenantId: string, position: number): string => `${tenantId}:${position}`;
