import type { ActivityEvent } from '#libs/contracts';
import { dayOf } from './days.js';

/** `actor_kind` holds every event once, `account` once for each account it refers to, `user` once if a person did it. */
export type Dimension = 'actor_kind' | 'account' | 'user';

export interface RollupRow {
  readonly dimension: Dimension;
  /** UTC day of `occurredAt`. */
  readonly day: string;
  /** Kind of actor, account id, or the person's id. */
  readonly key: string;
  readonly type: string;
}

/** The rows of the roll-ups that an event counts in, each once. */
export function entriesOf(event: Pick<ActivityEvent, 'occurredAt' | 'type' | 'actor' | 'entities'>): RollupRow[] {
  const { type, actor, entities } = event;
  const day = dayOf(event.occurredAt);
  const accounts = new Set(entities.filter((entity) => entity.type === 'account').map(({ id }) => id));
  return [
    { dimension: 'actor_kind', day, key: actor.type, type },
    ...(actor.type === 'human' ? [{ dimension: 'user', day, key: actor.id, type } as const] : []),
    ...[...accounts].map((key) => ({ dimension: 'account', day, key, type }) as const),
  ];
}

/** The roll-ups of the events that show, the slow way: rows with their counts, in the order of their texts. */
export function foldRollups(shown: readonly Parameters<typeof entriesOf>[0][]): (RollupRow & { readonly entries: number })[] {
  const counts = new Map<string, RollupRow & { entries: number }>();
  for (const row of shown.flatMap(entriesOf)) {
    const name = JSON.stringify([row.dimension, row.day, row.key, row.type]);
    const counted = counts.get(name);
    if (counted) counted.entries++;
    else counts.set(name, { ...row, entries: 1 });
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
