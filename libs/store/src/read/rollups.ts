import type pg from 'pg';

/** What is counted by: `type` and `actorKind` count every event once, `account` once for each it refers to, `user` what people did. */
export const ROLLUP_KEYS = ['type', 'actorKind', 'account', 'user'] as const;
export type RollupKey = (typeof ROLLUP_KEYS)[number];
export const GRANULARITIES = ['day', 'week', 'month'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

export interface RollupQuery {
  readonly by: RollupKey;
  /** UTC days, `YYYY-MM-DD`, both inclusive. */
  readonly from: string;
  readonly to: string;
  /** Weeks begin on Monday. The first and last period hold the asked days only. */
  readonly granularity: Granularity;
  /** Canonical types; absent: all. */
  readonly types?: readonly string[];
  /** Only events that refer to this account; `by` must be `type` or `account`. */
  readonly account?: string;
  /** The keys with most events; the rest is left out. */
  readonly limit: number;
}

export interface RollupAnswer {
  /** By first day of the period, then key. What is 0 is left out. */
  readonly items: readonly { readonly day: string; readonly key: string; readonly count: number }[];
  /** The position the numbers stand for. */
  readonly asOf: bigint;
  /** Events appended since. */
  readonly lag: bigint;
}

interface Row {
  readonly as_of: string;
  readonly head: string;
  readonly items: readonly (readonly [string, string, number])[];
}

const READ_ROLLUPS = 'select as_of, head, items from annals.read_rollups($1, $2, $3, $4, $5, $6, $7, $8, $9)';

/** Counts of a tenant from its roll-ups, in one round trip; for staff. Never reads the log. */
export async function readRollups(pool: pg.Pool, tenantId: string, query: RollupQuery): Promise<RollupAnswer> {
  const { by, from, to, granularity, types, account, limit } = query;
  const { rows } = await pool.query<Row>({
    name: 'annals.read_rollups',
    text: READ_ROLLUPS,
    values: [tenantId, dimensionOf(query), by === 'type', from, to, granularity, types ?? null, account ?? null, limit],
  });
  const { as_of: asOf, head, items } = rows[0] ?? { as_of: '0', head: '0', items: [] };
  return {
    items: items.map(([day, key, count]) => ({ day, key, count })),
    asOf: BigInt(asOf),
    lag: BigInt(head) - BigInt(asOf),
  };
}

function dimensionOf({ by, account }: RollupQuery): string {
  if (account !== undefined) return 'account';
  return by === 'type' || by === 'actorKind' ? 'actor_kind' : by;
}
