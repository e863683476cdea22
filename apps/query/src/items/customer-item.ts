import { readToday, summaryOf } from '#libs/contracts';
import type { EventRow } from '#libs/store';
import type { CustomerEntity } from '../auth/principal.js';
import { CUSTOMER_FIELDS } from './customer-fields.js';
import { payloadOf, type Payload } from './read-event.js';
import { activityNameOf, ownerMembers } from './staff-item.js';
import { definitionOf, ownDefinitionOf, type TypeScope } from './type-scope.js';
import { iconAndTabs } from './type-text.js';

/**
 * An event as the customer it is about sees it: no position, source or link, of the actor the kind alone, of the records
 * the customer's own, of the payload what is meant for customers. The sentence is the generated one: what staff wrote
 * by hand was written for staff.
 */
export function printCustomerItem(scope: TypeScope, row: EventRow, customer: CustomerEntity): string {
  return `{${customerMembers(scope, row, row.type, customer)}}`;
}

/** As {@link printCustomerItem}, for seed 002's endpoints. */
export function printCustomerActivity(scope: TypeScope, row: EventRow, customer: CustomerEntity): string {
  const members = customerMembers(scope, row, activityNameOf(scope, row.type), customer);
  return `{${members},${ownerMembers(customer)},"metadata":${shownPayload(scope, row)}}`;
}

function customerMembers(scope: TypeScope, row: EventRow, type: string, customer: CustomerEntity): string {
  const sentence = summaryOf({ type: row.type, version: row.version, payload: row.payload, summary: null }, definitionOf(scope, row.type));
  return (
    `"id":"${row.id}","type":${JSON.stringify(type)},"entities":[${JSON.stringify(customer)}],"actor":{"type":"${row.actorType}"}` +
    `,"occurredAt":"${row.occurredAt}","summary":${JSON.stringify(sentence)},${iconAndTabs(scope, row.type)},"payload":${shownPayload(scope, row)}`
  );
}

function shownPayload(scope: TypeScope, row: EventRow): string {
  const stored = payloadOf(row);
  if (stored === null) return 'null';
  const own = ownDefinitionOf(scope, row.type);
  const payload: Payload = (own && readToday(own, row.version, stored).payload) ?? stored;
  const shown = (own?.customerFields ?? CUSTOMER_FIELDS[row.type] ?? []).filter((field) => Object.hasOwn(payload, field));
  return JSON.stringify(Object.fromEntries(shown.map((field) => [field, payload[field]])));
}
