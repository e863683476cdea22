import { CUSTOMERS } from '#libs/contracts';
import type { EventRow } from '#libs/store';
import type { Principal } from '../auth/principal.js';
import { printCustomerActivity, printCustomerItem } from '../items/customer-item.js';
import { joinAsBytes } from '../items/join-as-bytes.js';
import { entitiesOf } from '../items/read-event.js';
import { printActivityItem, printStaffItem } from '../items/staff-item.js';
import { printPin } from '../paging/pin.js';
import type { QueryParts } from '../query-parts.js';
import type { PageRead, PageWish } from './read-page.js';

/** `{ items, next, pin, newer }` as JSON. */
export function printTimeline(parts: QueryParts, principal: Principal, { page, next }: PageRead): Buffer {
  const scope = { tenantId: principal.tenantId, types: parts.types };
  const print =
    principal.kind === 'customer'
      ? (row: EventRow) => printCustomerItem(scope, row, principal.entity)
      : (row: EventRow) => printStaffItem(scope, row);
  const floor = page.newerIsFloor ? ',"newerIsFloor":true' : '';
  const pin = printPin(parts.sealed, principal, page.pin);
  return printList(page.rows.map(print), `"next":${JSON.stringify(next)},"pin":${pin},"newer":${page.newer ?? 0}${floor}`);
}

/** `{ items, page, pageSize, total, pin, next }` of seed 002 as JSON. */
export function printActivity(parts: QueryParts, principal: Principal, asked: Asked, pageSize: number, read: PageRead): Buffer {
  const { page, number, next } = read;
  const scope = { tenantId: principal.tenantId, types: parts.types };
  const print =
    principal.kind === 'customer'
      ? (row: EventRow) => printCustomerActivity(scope, row, principal.entity)
      : (row: EventRow) => printActivityItem(scope, row, ownerOf(row, read.below ? BELOW : asked));
  const floor = page.totalIsFloor ? ',"totalIsFloor":true' : '';
  const pin = printPin(parts.sealed, principal, page.pin);
  const counts = `"page":${number},"pageSize":${pageSize},"total":${page.total ?? 0}${floor}`;
  return printList(page.rows.map(print), `${counts},"pin":${pin},"next":${JSON.stringify(next)}`);
}

function printList(items: readonly string[], members: string): Buffer {
  const parted = items.map((item, i) => (i === 0 ? item : `,${item}`));
  return joinAsBytes(['{"items":[', ...parted, `],${members}}`]);
}

type Asked = Pick<PageWish, 'timeline' | 'recordType'>;
const CUSTOMER_TYPES: ReadonlySet<string> = new Set(CUSTOMERS);

/** Of what stands below an account, each item is about the first account it names. */
const BELOW: Asked = { timeline: { kind: 'feed' }, recordType: 'account' };

/** In a feed every item is about the first record it names of the type asked for. */
function ownerOf(row: EventRow, { timeline, recordType }: Asked): { type: string; id: string } {
  if (timeline.kind === 'entity') return timeline;
  const owner = entitiesOf(row).find(({ type }) => (recordType === undefined ? CUSTOMER_TYPES.has(type) : type === recordType));
  return owner ?? { type: '', id: '' };
}
