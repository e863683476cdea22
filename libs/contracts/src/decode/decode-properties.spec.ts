import fc from 'fast-check';
import { TENANT } from '#libs/testing';
import { canonicalJson } from '../canonical-json.js';
import { contentJson, entitiesJson, envelopeJson } from '../envelope-json.js';
import type { EventDefinition } from '../event-definition.js';
import type { ActivityEvent, WireRecord } from '../event.js';
import { EVENT_DEFINITIONS } from '../events/index.js';
import { EVENT_TYPE_NAMES } from '../registry.js';
import { formatTime } from '../rfc3339.js';
import { deepLinkOf } from '../sentence/deep-link.js';
import { summaryOf } from '../sentence/summary.js';
import { STRUCTURED_CONTENT_TYPE, structuredEvent } from '../structured-event.js';
import { decodeRecord } from './decode-record.js';

const utf8 = new TextEncoder();
const nowMs = Date.UTC(2026, 1, 1);
const definitions: readonly EventDefinition[] = EVENT_DEFINITIONS;
const STRUCTURED = { 'content-type': STRUCTURED_CONTENT_TYPE };

const headers = fc.dictionary(
  fc.constantFrom(
    'content-type',
    'Content-Type',
    'ce_specversion',
    'ce_id',
    'ce_source',
    'ce_type',
    'ce_tenantid',
    'ce_time',
    'ce_actortype',
  ),
  fc.oneof(
    fc.constantFrom('application/cloudevents+json', '1.0', 'note', TENANT),
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 20 }),
    fc.array(fc.oneof(fc.string(), fc.uint8Array())),
    fc.constant(undefined),
  ),
);
const record = (value: fc.Arbitrary<Uint8Array>): fc.Arbitrary<WireRecord> =>
  fc.record({
    topic: fc.constantFrom('crm.email', 'crm.engagement', 'crm.comment', 'annals.control', 'elsewhere'),
    value,
    headers: fc.oneof(headers, fc.constant(STRUCTURED), fc.constant({})),
    timestampMs: fc.oneof(fc.maxSafeNat(), fc.constantFrom(-1, Number.NaN, Number.POSITIVE_INFINITY)),
  });
const decodes = (one: WireRecord) => decodeRecord(one, { nowMs });

/** Any JSON value, in the places where an event has its parts. */
const anything = fc.jsonValue({ maxDepth: 3 });
const plausible = fc.record(
  {
    specversion: fc.oneof(fc.constant('1.0'), anything),
    id: fc.oneof(fc.string({ minLength: 1 }), anything),
    event_id: anything,
    source: fc.oneof(fc.constant('/s'), anything),
    tenantid: fc.oneof(fc.constant(TENANT), anything),
    tenant_id: fc.oneof(fc.constant(TENANT), anything),
    type: fc.oneof(fc.constantFrom(...EVENT_TYPE_NAMES), anything),
    subject: fc.oneof(fc.constantFrom('contact/a', 'lead/b', '/', 'x/'), anything),
    time: fc.oneof(fc.date({ noInvalidDate: true }).map(String), fc.constant('2026-01-05T14:30:00Z'), anything),
    actor: anything,
    actortype: fc.oneof(fc.constantFrom('human', 'system'), anything),
    actorid: fc.oneof(fc.string(), anything),
    entities: anything,
    contact_id: anything,
    payload: anything,
    data: fc.oneof(
      anything,
      fc.record({ entities: anything, payload: fc.oneof(fc.object(), anything), summary: anything }, { requiredKeys: [] }),
    ),
  },
  { requiredKeys: [] },
);

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
const payloadExtras = fc.dictionary(
  fc.string({ unit: 'grapheme', maxLength: 8 }).map((key) => `x${key}`),
  fc.jsonValue({ maxDepth: 3 }).filter((value) => !/__proto__|\\u0000|\\ud/.test(JSON.stringify(value))),
  { maxKeys: 4 },
);
const noUnsafe = (value: object) => !/-?\d{16,}(?![.\d])|e\+?\d/i.test(JSON.stringify(value));

/** A record that must be accepted, of any type. */
const valid: fc.Arbitrary<WireRecord> = fc
  .record({
    pick: fc.nat().map((n) => definitions[n % definitions.length]!),
    id: text,
    extras: payloadExtras.filter(noUnsafe),
    summary: fc.option(text),
    correlationid: fc.option(text),
    recordedtime: fc.option(fc.constantFrom('2026-01-05T14:30:00.1234567+02:00', '0001-01-01T00:00:00Z')),
    onbehalfof: fc.option(text),
    time: fc.option(fc.constantFrom('2025-12-31T23:59:59.999999-11:30', '1999-02-03t04:05:06z', '1066-10-14T09:00:00Z')),
    example: fc.nat(),
  })
  .map(({ pick, id, extras, summary, time, example, ...attributes }) => {
    const one = pick.examples[example % pick.examples.length]!;
    const event = {
      ...attributes,
      ...{ specversion: '1.0', id, source: '/s', type: pick.type, tenantid: TENANT, time },
      ...{
        actortype: one.actor.type,
        actorid: one.actor.id,
        data: { entities: one.entities, summary, payload: { ...one.payload, ...extras } },
      },
    };
    return { topic: pick.topic, headers: STRUCTURED, timestampMs: nowMs, value: utf8.encode(JSON.stringify(event)) };
  });

function accepted(one: WireRecord): ActivityEvent {
  const decoded = decodes(one);
  if (decoded.outcome !== 'accepted') throw new Error(JSON.stringify(decoded));
  return decoded.event;
}

describe('decoding', () => {
  it('throws for no bytes', () => {
    fc.assert(fc.property(record(fc.uint8Array({ maxLength: 200 })), (one) => decodes(one).outcome !== 'accepted'));
  });

  it('throws for no JSON, and what it accepts can be shown', () => {
    const jsonRecord = record(fc.oneof(anything, plausible, plausible).map((value) => utf8.encode(JSON.stringify(value))));
    fc.assert(
      fc.property(jsonRecord, (one) => {
        const decoded = decodes(one);
        if (decoded.outcome !== 'accepted') return decoded.outcome === 'rejected';
        return summaryOf(decoded.event) !== '' && deepLinkOf(decoded.event) !== '';
      }),
      { numRuns: 3000 },
    );
  });

  it('throws for no mutation of a good record', () => {
    const mutated = fc.tuple(valid, fc.nat(), fc.integer({ min: 0, max: 255 })).map(([one, at, byte]) => {
      const value = Uint8Array.from(one.value ?? []);
      value[at % value.length] = byte;
      return { ...one, value };
    });
    fc.assert(
      fc.property(mutated, (one) => decodes(one).outcome !== 'tombstone'),
      { numRuns: 2000 },
    );
  });

  it('takes every valid event, and gives the same one for what it published of it', () => {
    fc.assert(
      fc.property(valid, (one) => {
        const event = accepted(one);
        const published = { ...one, value: utf8.encode(structuredEvent(event)) };
        const again = accepted(published);
        expect(again).toEqual({ ...event, sourceType: event.type, timeQuality: 'producer' });
        expect(accepted({ ...one, value: utf8.encode(structuredEvent(again)) })).toEqual(again);
      }),
      { numRuns: 500 },
    );
  });

  it('never says in a rejection what stands in the payload', () => {
    const marked = fc.string({ maxLength: 4 }).map((rest) => `MARK${rest}\0`.slice(0, 8));
    const odd = fc.oneof(marked, fc.constant(2 ** 60), fc.constant('MARK\ud800'), fc.constant(null), fc.integer());
    const wild = fc.dictionary(
      fc.oneof(marked, fc.constantFrom('text', 'messageId', 'url', 'amount', 'fields', 'channel')),
      fc.oneof(odd, fc.dictionary(marked, odd), fc.array(odd)),
    );
    fc.assert(
      fc.property(valid, wild, (one, payload) => {
        const event = JSON.parse(new TextDecoder().decode(one.value ?? undefined)) as { data: object };
        const decoded = decodes({ ...one, value: utf8.encode(JSON.stringify({ ...event, data: { ...event.data, payload } })) });
        if (decoded.outcome === 'rejected') expect(JSON.stringify(decoded.rejection)).not.toContain('MARK');
      }),
      { numRuns: 1000 },
    );
  });

  it('does not depend on the order of keys', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, inner]) => [key, reversed(inner)]),
      );
    };
    fc.assert(
      fc.property(valid, (one) => {
        const other = JSON.stringify(reversed(JSON.parse(new TextDecoder().decode(one.value ?? undefined))));
        expect(accepted({ ...one, value: utf8.encode(other) })).toEqual(accepted(one));
      }),
      { numRuns: 200 },
    );
  });
});

describe('the texts of an event', () => {
  it('are canonical JSON', () => {
    fc.assert(
      fc.property(valid, (one) => {
        const event = accepted(one);
        const {
          summary,
          payload,
          traceparent: _trace,
          customerVisible: _visible,
          effect: _effect,
          occurredAt,
          recordedAt,
          ...kept
        } = event;
        const present = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== null));
        const times = { occurredAt: formatTime(occurredAt), ...(recordedAt !== null && { recordedAt: formatTime(recordedAt) }) };
        expect(envelopeJson(event)).toBe(canonicalJson({ ...present, ...times }));
        expect(entitiesJson(event.entities)).toBe(canonicalJson(event.entities));
        expect(payload).toBe(canonicalJson(JSON.parse(payload)));
        const { type, entities, actor } = event;
        const said = { ...(event.timeQuality === 'producer' && { time: times.occurredAt }), ...(summary !== null && { summary }) };
        expect(contentJson(event)).toBe(canonicalJson({ type, entities, actor, ...said, payload: JSON.parse(payload) as object }));
      }),
      { numRuns: 500 },
    );
  });

  it('differ in content only where the content does', () => {
    fc.assert(
      fc.property(valid, (one) => {
        const event = accepted(one);
        const stamped = {
          sourceType: 'x',
          recordedAt: 5n,
          ingestMode: 'backfill',
          traceparent: null,
          correlationId: 'y',
          version: 2,
        } as const;
        expect(contentJson({ ...event, ...stamped })).toBe(contentJson(event));
        expect(contentJson({ ...event, payload: '{"other":1}' })).not.toBe(contentJson(event));
        expect(contentJson({ ...event, summary: 'other words than before' })).not.toBe(contentJson(event));
      }),
      { numRuns: 50 },
    );
  });
});
