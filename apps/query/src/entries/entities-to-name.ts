import type { EntityRef } from '#libs/contracts';
import type { EventRow } from '#libs/store';
import { entitiesOf } from '../items/read-event.js';

/** The records that an entry about another entry refers to: those of the other, so that it stands on the same timelines. Users are left out. */
export function entitiesToName(row: EventRow): readonly [EntityRef, ...EntityRef[]] {
  const [primary, ...others] = entitiesOf(row);
  if (primary === undefined) throw new Error(`the event at position ${row.position} refers to nothing`);
  return [primary, ...others.filter(({ type }) => type !== 'user')];
}
