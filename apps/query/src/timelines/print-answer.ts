import { CUSTOMERS } from '#libs/contracts';
import type { EventRow } from '#libs/store';
import type { Principal } from '../auth/principal.js';
import { printCustomerActivity, printCustomerItem } from '../items/customer-item.js';
import { printActivityItem, printStaffItem } from '../items/staff-item.js';
import { entitiesOf } from '../items/read-event.js';
import { printPin } from '../paging/pin.js';
import type { QueryParts } from '../query-parts.js';
import type { PageRead, PageWish } from './read-page.js';

/** `{ items, next, pin, newer }` as JSON text. */
export function printTimeline(parts: QueryParts, principal: Principal, { page, next }: PageRead): string {
  const print = principal.kind === 'customer' ? (row: EventRow) => printCustomerItem(row, principal.entity) : printStaffItem;
  const floor = page.newerIsFloor ? ',"newerIsFloor":true' : '';
  return (
    `{"items":[${page.rows.map((row) => print(row)).join(',')}],"next":${JSON.stringify(next)}` +
    `,"pin":${printPin(parts.sealed, principal, page.pin)},"newer":${page.newer ?? 0}${floor}}`
  );
}

/** `{ items, page, pageSize, total, pin, next }` of seed 002 as JSON text. */
export function printActivity(parts: QueryParts, principal: Principal, asked: Asked, pageSize: number, read: PageRead): string {
  const { page, number, next } = read;
  const print =
    principal.kind === 'customer'
      ? (row: EventRow) => printCustomerActivity(row, principal.entity)
      : (row: EventRow) => printActivityItem(row, ownerOf(row, asked));
  const floor = page.totalIsFloor ? ',"totalIsFloor":true' : '';
  return (
    `{"items":[${page.rows.map(print).join(',')}],"page":${number},"pageSize":${pageSize},"total":${page.total ?? 0}${floor}` +
    `,"pin":${printPin(parts.sealed, principal, page.pin)},"next":${JSON.stringify(next)}}`
  );
}

type Asked = Pick<PageWish, 'timeline' | 'recordType'>;
const CUSTOMER_TYPES: ReadonlySet<string> = new Set(CUSTOMERS);

/** In a feed every item is about the first record it names of the type asked for. */
function ownerOf(row: EventRow, { timeline, recordType }: Asked): { type: string; id: string } {
  if (timeline.kind === 'entity') return timeline;
  const owner = entitiesOf(row).find(({ type }) => (recordType === undefined ? CUSTOMER_TYPES.has(type) : type === recordType));
  return owner ?? { type: '', id: '' };
}
