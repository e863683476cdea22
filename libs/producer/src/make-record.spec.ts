import fc from 'fast-check';
import { decodeRecord, EVENT_DEFINITIONS, type EntityRef, type EventDefinition } from '#libs/contracts';
import { InvalidEvent } from './failures.js';
import { makeRecord, type MadeRecord } from './make-record.js';

const TENANT = '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11';
const NOW = Date.UTC(2026, 0, 5, 14, 30);
const ORIGIN = { source: '/producers/spec', tenantId: TENANT };
const DEFINITIONS: readonly EventDefinition[] = EVENT_DEFINITIONS;
const MOVED = { deal: 'deal-9', account: 'acc-1', payload: { fromStage: 'Proposal', toStage: 'Negotiation' } };

const make = (type: string, draft: object): MadeRecord => makeRecord(ORIGIN, type, draft as Parameters<typeof makeRecord>[2], NOW);

function refusal(type: string, draft: object): InvalidEvent {
  try {
    make(type, draft);
  } catch (error) {
    if (error instanceof InvalidEvent) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

/** What ingest makes of the record. */
function ingested(record: MadeRecord) {
  const value = new TextEncoder().encode(record.value);
  return decodeRecord({ topic: record.topic, value, headers: record.headers, timestampMs: record.madeMs }, { nowMs: NOW });
}

describe('a record for an event', () => {
  it.each(DEFINITIONS.flatMap((definition) => definition.examples.map((example) => [definition.type, example] as const)))(
    'of type %s is what ingest accepts',
    (type, { entities, actor, payload, summary }) => {
      const record = make(type, { entities, actor, payload, summary });
      expect(ingested(record)).toMatchObject({ outcome: 'accepted', event: { type, tenantId: TENANT, sourceId: record.id, actor } });
    },
  );

  it('lies on the topic of its type, keyed by the tenant, in structured mode', () => {
    const record = make('deal.stage_changed', { ...MOVED, tenantId: TENANT.toUpperCase() });
    expect(record).toMatchObject({ topic: 'crm.deal', key: TENANT, madeMs: NOW });
    expect(record.headers).toEqual({ 'content-type': 'application/cloudevents+json; charset=utf-8' });
    expect(JSON.parse(record.value)).toMatchObject({ specversion: '1.0', subject: 'deal/deal-9', source: '/producers/spec' });
  });

  it('is about the first record that its type can be about, however the references are given', () => {
    const refs = (draft: object): EntityRef[] => {
      const { data } = JSON.parse(make('deal.stage_changed', { payload: MOVED.payload, ...draft }).value) as {
        data: { entities: EntityRef[] };
      };
      return data.entities;
    };
    const due = [
      { type: 'deal', id: 'd' },
      { type: 'account', id: 'a' },
    ];
    expect(refs({ account: 'a', deal: 'd' })).toEqual(due);
    expect(refs({ entities: due })).toEqual(due);
    expect(refs({ entities: [...due].reverse() })).toEqual(due);
    expect(refs({ entities: [{ type: 'contact', id: 'c', role: 'buyer' }], deal: 'd' })).toEqual([
      { type: 'deal', id: 'd' },
      { type: 'contact', id: 'c', role: 'buyer' },
    ]);
  });

  it('is about what may stand in where the type allows it and nothing else is known', () => {
    const draft = { account: 'a', email_thread: 'msg-1', payload: { messageId: 'msg-1', bounceType: 'hard' } };
    expect(JSON.parse(make('email.bounced', draft).value)).toMatchObject({ subject: 'email_thread/msg-1' });
    expect(JSON.parse(make('email.bounced', { ...draft, contact: 'c' }).value)).toMatchObject({ subject: 'contact/c' });
  });

  it('carries the trace of the work that goes on, in the event and in a header', () => {
    const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const within = makeRecord({ ...ORIGIN, traceparent: () => trace }, 'deal.stage_changed', MOVED, NOW);
    expect(within.headers['traceparent']).toBe(trace);
    expect(JSON.parse(within.value)).toMatchObject({ traceparent: trace });
    expect(make('deal.stage_changed', { ...MOVED, traceparent: 'broken' }).headers).not.toHaveProperty('traceparent');
  });

  it('takes a date for the time, and a tenant’s own type with any payload', () => {
    expect(JSON.parse(make('deal.stage_changed', { ...MOVED, time: new Date(NOW) }).value)).toMatchObject({
      time: '2026-01-05T14:30:00.000Z',
    });
    const own = make('custom.demo_held', { contact: 'c', payload: { minutes: 30, at: new Date(NOW) }, version: 3 });
    expect(own.topic).toBe('crm.custom');
    expect(JSON.parse(own.value)).toMatchObject({ dataschema: 'urn:annals:schema:custom.demo_held:3', data: { payload: { minutes: 30 } } });
  });

  it.each([
    ['deal.stage_changed', { ...MOVED, payload: { fromStage: 'Proposal' } }, 'bad_payload', '/payload/toStage'],
    ['deal.stage_changed', { ...MOVED, payload: { ...MOVED.payload, amount: 12 } }, 'bad_payload', '/payload/amount'],
    ['deal.stage_changed', { ...MOVED, payload: undefined }, 'bad_payload', '/payload'],
    ['deal.stage_changed', { ...MOVED, tenantId: 'acme' }, 'bad_tenant', '/tenantId'],
    ['deal.stage_changed', { payload: MOVED.payload }, 'bad_entities', '/entities'],
    ['deal.stage_changed', { account: 'a', payload: MOVED.payload }, 'bad_entities', '/entities'],
    ['deal.stage_changed', { ...MOVED, actor: { type: 'robot', id: 'r' } }, 'bad_actor', '/actor/type'],
    ['deal.stage_changed', { ...MOVED, time: '2026-01-05' }, 'bad_time', '/time'],
    ['deal.stage_changed', { ...MOVED, time: new Date(NaN) }, 'bad_time', '/time'],
    ['deal.stage_changed', { ...MOVED, time: new Date(NOW + 90_000_000) }, 'future_time', '/time'],
    ['deal.stage_changed', { ...MOVED, id: '' }, 'missing_id', '/id'],
    ['deal.stage_changed', { ...MOVED, version: 9 }, 'unknown_version', '/version'],
    ['deal.stage_changed', { ...MOVED, payload: { ...MOVED.payload, note: 'a\u0000b' } }, 'forbidden_character', '/payload/*'],
    ['deal.stage_changed', { ...MOVED, payload: { ...MOVED.payload, size: 2 ** 60 } }, 'unsafe_number', '/payload/*'],
    ['deal.stage_changed', { ...MOVED, payload: { ...MOVED.payload, note: 'x'.repeat(300_000) } }, 'too_large', '/payload'],
    ['deal.stage_changed', { ...MOVED, payload: { ...MOVED.payload, count: 1n } }, 'not_json', '/payload'],
    ['note.added', { account: 'a', payload: { text: 'x' } }, 'bad_actor', '/actor/type'],
    ['deal.stage_changed', { ...MOVED, deal: { toString: null } }, 'bad_entities', '/deal'],
    ['deal.stage_chnged', MOVED, 'unknown_type', '/type'],
    ['custom.Demo', MOVED, 'unknown_type', '/type'],
  ])('of type %s is refused with the field and the reason: %#', (type, draft, reason, path) => {
    expect(refusal(type, draft)).toMatchObject({ reason, path });
  });

  it('that is refused says so in one sentence, without a value of the event', () => {
    const secret = 'jane@example.com';
    const { message } = refusal('deal.stage_changed', { ...MOVED, actor: { type: secret, id: secret }, payload: { fromStage: secret } });
    expect(message).toBe('deal.stage_changed is not valid: /actor/type must be one of human, agent, system (bad_actor)');
    expect(refusal('deal.stage_chnged', MOVED).message).toContain('did you mean deal.stage_changed');
    expect(refusal(secret, MOVED).message).not.toContain(secret);
  });

  it('has a text of which ingest says the same as the check, whatever was passed', () => {
    const odd = fc.oneof(fc.anything({ withDate: true }), fc.jsonValue(), fc.constant(undefined));
    const drafts = fc.record(
      {
        ...{ deal: odd, account: fc.string(), entities: odd, tenantId: odd, id: odd, time: odd, traceparent: odd, summary: odd },
        payload: fc.oneof(odd, fc.record({ fromStage: fc.string({ unit: 'binary' }), toStage: odd, dealName: odd })),
      },
      { requiredKeys: ['payload'] },
    );
    fc.assert(
      fc.property(drafts, (draft) => {
        try {
          expect(ingested(make('deal.stage_changed', draft)).outcome).toBe('accepted');
        } catch (error) {
          if (!(error instanceof InvalidEvent)) throw error;
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
