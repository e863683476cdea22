import type { AttributeName, Envelope } from './envelope.js';
import { isShortText, Refused } from './refused.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** W3C Trace Context, version 00 and up; all-zero ids are invalid there. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

function refuseAttribute(envelope: Envelope, name: AttributeName, message = 'must be text of 1 to 255 characters'): Refused {
  return new Refused('wrong_envelope', envelope.places.attribute(name), message);
}

export function readSourceId(envelope: Envelope): string | Refused {
  const { id } = envelope;
  if (isShortText(id)) return id;
  if (id !== undefined && id !== null && id !== '') return refuseAttribute(envelope, 'id');
  return new Refused('missing_id', envelope.places.attribute('id'), 'the event has no id');
}

export function readRequiredText(envelope: Envelope, name: 'source' | 'type'): string | Refused {
  const value = envelope[name];
  return isShortText(value) ? value : refuseAttribute(envelope, name);
}

export function readOptionalText(envelope: Envelope, name: 'correlationid' | 'causationid'): string | null | Refused {
  const value = envelope[name] ?? null;
  return value === null || isShortText(value) ? value : refuseAttribute(envelope, name);
}

/** The tenant's UUID in lower case; of one tenant always the same string, so that what stays of an event holds no copy of it. */
export function readTenantId(envelope: Envelope): string | Refused {
  const { tenantid } = envelope;
  const known = typeof tenantid === 'string' ? tenants.get(tenantid) : undefined;
  if (known !== undefined) return known;
  if (typeof tenantid === 'string' && UUID.test(tenantid)) return remembered(tenantid);
  const place = envelope.places.attribute('tenantid');
  if (tenantid === undefined || tenantid === null || tenantid === '')
    return new Refused('missing_tenant', place, 'the event has no tenant');
  const lower = typeof tenantid === 'string' ? tenantid.toLowerCase() : '';
  return UUID.test(lower) ? lower : new Refused('bad_tenant', place, 'must be a UUID');
}

const tenants = new Map<string, string>();
const MOST_TENANTS = 10_000;

function remembered(tenantId: string): string {
  if (tenants.size >= MOST_TENANTS) tenants.clear();
  tenants.set(tenantId, tenantId);
  return tenantId;
}

export function readIngestMode(envelope: Envelope): 'live' | 'backfill' | Refused {
  const mode = envelope.ingestmode ?? 'live';
  if (mode === 'live' || mode === 'backfill') return mode;
  if (mode !== 'replay') return refuseAttribute(envelope, 'ingestmode', 'must be live or backfill');
  return new Refused('replayed', envelope.places.attribute('ingestmode'), 'a replayed event is not ingested again');
}

/** Dropped, not refused, if malformed: a broken tracer must not cost events. */
export function readTraceparent(envelope: Envelope): string | null {
  const { traceparent } = envelope;
  return typeof traceparent === 'string' && TRACEPARENT.test(traceparent) ? traceparent : null;
}

/** Only hand-made entries have one. Blank counts as none. */
export function readSummary(envelope: Envelope): string | null | Refused {
  const summary = envelope.summary ?? null;
  if (summary === null || summary === '') return null;
  if (typeof summary !== 'string') return new Refused('wrong_envelope', envelope.places.summary, 'must be text');
  return summary.length <= MAX_SUMMARY
    ? summary
    : new Refused('too_large', envelope.places.summary, `longer than ${MAX_SUMMARY} characters`);
}
const MAX_SUMMARY = 20_000;
