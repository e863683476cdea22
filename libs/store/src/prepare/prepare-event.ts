import type { ActivityEvent } from '#libs/contracts';
import { monthOf } from '#libs/timelines';
import type { PreparedEvent } from '../append/types.js';
import { eventId } from './event-id.js';

/** An accepted event for `append`, its rows not made yet. Pure. */
export function prepareEvent(event: ActivityEvent): PreparedEvent {
  const { tenantId, source, sourceId, type, effect } = event;
  return {
    tenantId,
    type,
    id: eventId(tenantId, source, sourceId),
    bucket: monthOf(event.occurredAt),
    effect,
    event: () => event,
    encoded: null,
  };
}
