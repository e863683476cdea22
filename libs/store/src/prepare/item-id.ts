import { eventId } from './event-id.js';

/** The id under which the event of this identity is read, as text, known before it is published. `tenantId`: lower-case UUID. */
export function itemId(tenantId: string, source: string, sourceId: string): string {
  return eventId(tenantId, source, sourceId).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
