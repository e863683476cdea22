import { summaryOf } from '#libs/contracts';
import type { EventRow } from '#libs/store';
import type { CustomerEntity } from '../auth/principal.js';
import { CUSTOMER_FIELDS } from './customer-fields.js';
import { payloadOf, type Payload } from './read-event.js';
import { activityNameOf, ownerMembers } from './staff-item.js';
import { iconAndTabs } from './type-text.js';

/**
 * An event as the customer it is about sees it: no position, source or link, of the actor the kind alone, of the records
 * the customer's own, of the payload what is meant for customers. The sentence is the generated one: what staff wrote
 * by hand was written for staff.
 */
export function printCustomerItem(row: EventRow, customer: CustomerEntity): string {
  return `{${customerMembers(row, row.type, customer)}}`;
}

/** As {@link printCustomerItem}, for seed 002's endpoints. */
export function printCustomerActivity(row: EventRow, customer: CustomerEntity): string {
  const members = customerMembers(row, activityNameOf(row.type), customer);
  return `{${members},${ownerMembers(customer)},"metadata":${shownPayload(row.type, payloadOf(row))}}`;
}

function customerMembers(row: EventRow, type: string, customer: CustomerEntity): string {
  const payload = payloadOf(row);
  const sentence = summaryOf({ type: row.type, version: row.version, payload, summary: null });
  return (
    `"id":"${row.id}","type":${JSON.stringify(type)},"entities":[${JSON.stringify(customer)}],"actor":{"type":"${row.actorType}"}` +
    `,"occurredAt":"${row.occurredAt}","summary":${JSON.stringify(sentence)},${iconAndTabs(row.type)},"payload":${shownPayload(row.type, payload)}`
  );
}

function shownPayload(type: string, payload: Payload | null): string {
  if (payload === null) return 'null';
  const shown = (CUSTOMER_FIELDS[type] ?? []).filter((field) => Object.hasOwn(payload, field));
  return JSON.stringify(Object.fromEntries(shown.map((field) => [field, payload[field]])));
}
