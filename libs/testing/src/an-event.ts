import { decodeRecord, type ActivityEvent } from '#libs/contracts';
import { aDraft, type EventDraft } from './a-draft.js';
import { structured } from './wire-forms.js';

/** The event as ingest accepts it; `exact` overrides fields after decoding. Throws for a draft that ingest would refuse. */
export function anEvent(wanted: Partial<EventDraft> = {}, exact: Partial<ActivityEvent> = {}): ActivityEvent {
  const record = structured(aDraft(wanted));
  const decoded = decodeRecord(record, { nowMs: record.timestampMs });
  if (decoded.outcome !== 'accepted') throw new Error(`not an event: ${JSON.stringify(decoded)}`);
  return { ...decoded.event, ...exact };
}
