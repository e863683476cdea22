import { aDraft, binary, flat, structured, TENANT } from '#libs/testing';
import { DEAD_LETTER_REASONS, type DeadLetterReason } from '../dead-letter-reasons.js';
import type { Rejection, WireRecord } from '../event.js';
import { decodeRecord } from './decode-record.js';

const utf8 = new TextEncoder();
const nowMs = Date.UTC(2026, 1, 1);
const SECRET = 'sam@secret.example';

type Doc = Record<string, unknown> & { data: Record<string, unknown> };
const good = structured(aDraft({ type: 'deal.stage_changed', tenantId: TENANT }));
const text = new TextDecoder().decode(good.value ?? undefined);
const doc = () => JSON.parse(text) as Doc;

const raw = (value: string | Uint8Array, rest: Partial<WireRecord> = {}): WireRecord => ({
  ...good,
  value: typeof value === 'string' ? utf8.encode(value) : value,
  ...rest,
});
const changed = (attributes: object, rest: Partial<WireRecord> = {}) => raw(JSON.stringify({ ...doc(), ...attributes }), rest);
const data = (members: object) => changed({ data: { ...doc().data, ...members } });
const payload = (members: object) => data({ payload: { ...(doc().data.payload as object), ...members } });
/** Puts JSON text into the payload that JSON.stringify would not write. */
const payloadText = (member: string) => raw(text.replace('"payload":{', `"payload":{${member},`));
const withoutHeaders = (value: object) => raw(JSON.stringify(value), { headers: {} });
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const flatDoc = { event_id: 'e', tenant_id: TENANT, type: 'email.opened', contact_id: 'c', payload: { message_id: 'm' } };
const binaryGood = binary(aDraft());
const header = (name: string, value: WireRecord['headers'][string]) => ({
  ...binaryGood,
  headers: { ...binaryGood.headers, [name]: value },
});

const POISON: readonly (readonly [DeadLetterReason, string, WireRecord, string?])[] = [
  ['not_utf8', 'an invalid byte', raw(Uint8Array.from([...utf8.encode(text.slice(0, 60)), 0xff, ...utf8.encode(text.slice(60))]))],
  ['not_utf8', 'an encoded surrogate', raw(Uint8Array.from([0x22, 0xed, 0xa0, 0x80, 0x22]))],
  ['not_utf8', 'a header that is not UTF-8', header('ce_actorid', Uint8Array.from([0xc3])), 'ce_actorid'],
  ['not_json', 'an empty value', raw('')],
  ['not_json', 'only white space', raw(' \n')],
  ['not_json', 'a document cut off', raw(text.slice(0, -2))],
  ['not_json', 'a 200,000-deep document cut off', raw('['.repeat(200_000))],
  ['not_json', 'text', raw('hello')],
  ['not_json', 'a control character in a string', raw(text.replace('Proposal', 'Pro\u0001posal'))],
  ['not_json', 'nothing behind Confluent’s prefix', raw(Uint8Array.from([0, 0, 0, 0, 1]))],
  ['too_deep', 'a 200,000-deep document', raw(nested(200_000))],
  ['too_deep', 'a 200,000-deep payload', payloadText(`"x":${nested(200_000)}`), '/data/payload/*'],
  ['too_deep', 'a 200,000-deep attribute', raw(text.replace('{', `{"x":${nested(200_000)},`)), '/*/0/0'],
  ['too_deep', 'a payload of 65 levels', payloadText(`"x":${nested(64)}`)],
  ['too_large', 'a value of 5 MB', raw(`"${'x'.repeat(5_000_000)}"`)],
  ['too_large', 'a payload above 256 KiB', payload({ pipelineId: 'x'.repeat(262_144) }), '/data/payload'],
  ['too_large', 'a payload above 256 KiB in UTF-8', payload({ pipelineId: 'é'.repeat(131_072) }), '/data/payload'],
  ['too_large', 'a summary longer than any screen', data({ summary: 'x'.repeat(20_001) }), '/data/summary'],
  ['unsafe_number', '1e400', payloadText('"amountDue":1e400'), '/data/payload/*'],
  ['unsafe_number', 'an integer beyond 2^53', payloadText('"list":[9007199254740993]'), '/data/payload/*/0'],
  ['unsafe_number', 'the same in an attribute', raw(text.replace('{', '{"sequence":9007199254740993,')), '/*'],
  ['forbidden_character', 'NUL in a payload', payload({ toStage: `a\0${SECRET}` })],
  ['forbidden_character', 'NUL in a payload key', payload({ [`a\0${SECRET}`]: 1 })],
  ['forbidden_character', 'a lone surrogate in a payload', payloadText('"x":"\\ud83d"')],
  ['forbidden_character', 'a lone low surrogate in a key', payloadText('"\\uDE00":1')],
  ['forbidden_character', 'NUL in the id', changed({ id: 'a\0' }), '/id'],
  ['forbidden_character', 'NUL in a header', header('ce_id', 'a\0'), 'ce_id'],
  ['forbidden_character', 'a lone surrogate in a header', header('ce_actorid', '\ud83d'), 'ce_actorid'],
  ['forbidden_key', '__proto__ in the payload', payloadText('"__proto__":{"admin":true}')],
  ['forbidden_key', '__proto__ deep in the payload', payloadText('"x":[{"__proto__":1}]')],
  ['forbidden_key', '__proto__ written with escapes', payloadText('"\\u005f\\u005fproto\\u005f\\u005f":1')],
  ['forbidden_key', '__proto__ in the envelope', raw(text.replace('{', '{"__proto__":{},'))],
  ['wrong_envelope', 'an array', raw(`[${text}]`)],
  ['wrong_envelope', 'null', raw('null')],
  ['wrong_envelope', 'a number', raw('1')],
  ['wrong_envelope', 'no specversion', changed({ specversion: undefined }), '/specversion'],
  ['wrong_envelope', 'another specversion', changed({ specversion: '0.3' }), '/specversion'],
  ['wrong_envelope', 'another specversion in a header', header('ce_specversion', '2.0'), 'ce_specversion'],
  ['wrong_envelope', 'no data', changed({ data: undefined }), '/data'],
  ['wrong_envelope', 'data that is a list', changed({ data: [] }), '/data'],
  ['wrong_envelope', 'flat JSON under the header of structured mode', raw(JSON.stringify(flatDoc)), '/specversion'],
  ['wrong_envelope', 'no source', changed({ source: undefined }), '/source'],
  ['wrong_envelope', 'a source of 256 characters', changed({ source: 'x'.repeat(256) }), '/source'],
  ['wrong_envelope', 'an id that is a number', changed({ id: 7 }), '/id'],
  ['wrong_envelope', 'an id of 256 characters', changed({ id: 'x'.repeat(256) }), '/id'],
  ['wrong_envelope', 'no type', changed({ type: undefined }), '/type'],
  ['wrong_envelope', 'a correlation id that is an object', changed({ correlationid: {} }), '/correlationid'],
  ['wrong_envelope', 'a causation id of 256 characters', changed({ causationid: 'x'.repeat(256) }), '/causationid'],
  ['wrong_envelope', 'an unknown ingest mode', changed({ ingestmode: 'bulk' }), '/ingestmode'],
  ['wrong_envelope', 'a schema that is no text', changed({ dataschema: 1 }), '/dataschema'],
  ['wrong_envelope', 'a summary that is no text', data({ summary: 5 }), '/data/summary'],
  ['missing_id', 'no id', changed({ id: undefined }), '/id'],
  ['missing_id', 'an empty id', changed({ id: '' }), '/id'],
  ['missing_id', 'flat JSON without event_id', withoutHeaders({ ...flatDoc, event_id: undefined }), '/event_id'],
  ['missing_id', 'a structured event without its header', raw(text, { headers: {} }), '/event_id'],
  ['missing_tenant', 'no tenant', changed({ tenantid: undefined }), '/tenantid'],
  ['missing_tenant', 'flat JSON without tenant', withoutHeaders({ ...flatDoc, tenant_id: null }), '/tenant_id'],
  ['bad_tenant', 'a tenant that is no UUID', changed({ tenantid: 'acme' }), '/tenantid'],
  ['bad_tenant', 'a tenant that is a number', changed({ tenantid: 1 }), '/tenantid'],
  ['unknown_type', 'a type nobody knows', changed({ type: 'deal.teleported' }), '/type'],
  ['unknown_type', 'a type that is a property of every object', changed({ type: 'constructor' }), '/type'],
  ['unknown_type', 'a custom type nobody registered', changed({ type: 'custom.demo_held' }, { topic: 'crm.custom' }), '/type'],
  ['unknown_version', 'a version to come', changed({ dataschema: 'urn:annals:schema:deal.stage_changed:99' }), '/dataschema'],
  ['unknown_version', 'another type’s schema', changed({ dataschema: 'urn:annals:schema:deal.won:1' }), '/dataschema'],
  ['unknown_version', 'a schema of somebody else', changed({ dataschema: 'https://example.com/schema.json' }), '/dataschema'],
  ['bad_payload', 'no payload', data({ payload: undefined }), '/data/payload'],
  ['bad_payload', 'a payload that is a list', data({ payload: [1] }), '/data/payload'],
  ['bad_payload', 'a payload that is text', data({ payload: SECRET }), '/data/payload'],
  ['bad_payload', 'a mistyped field', payload({ toStage: { x: SECRET } }), '/data/payload/toStage'],
  ['bad_payload', 'a field against its pattern', payload({ amount: SECRET }), '/data/payload/amount'],
  ['bad_payload', 'flat JSON with a field missing', withoutHeaders({ ...flatDoc, payload: {} }), '/payload/messageId'],
  ['bad_entities', 'no references at all', changed({ subject: undefined, data: { ...doc().data, entities: [] } }), '/data/entities'],
  ['bad_entities', 'references that are no list', data({ entities: {} }), '/data/entities'],
  [
    'bad_entities',
    '33 references',
    data({ entities: Array.from({ length: 33 }, (_, i) => ({ type: 'account', id: `a${i}` })) }),
    '/data/entities',
  ],
  [
    'bad_entities',
    'an unknown entity type',
    data({
      entities: [
        { type: 'deal', id: 'deal-9' },
        { type: 'planet', id: 'p' },
      ],
    }),
    '/data/entities/1',
  ],
  ['bad_entities', 'an entity without id', data({ entities: [{ type: 'deal' }] }), '/data/entities/0'],
  ['bad_entities', 'an empty entity id', data({ entities: [{ type: 'deal', id: '' }] }), '/data/entities/0'],
  ['bad_entities', 'an entity id of 256 characters', data({ entities: [{ type: 'deal', id: 'x'.repeat(256) }] }), '/data/entities/0'],
  ['bad_entities', 'a subject without a slash', changed({ subject: SECRET }), '/subject'],
  ['bad_entities', 'a subject the type does not allow', changed({ subject: 'contact/c' }), '/data/entities'],
  [
    'bad_entities',
    'a primary reference beside the subject',
    data({ entities: [{ type: 'deal', id: 'other', role: 'primary' }] }),
    '/data/entities',
  ],
  ['bad_actor', 'an actor kind that does not exist', changed({ actortype: 'robot' }), '/actortype'],
  ['bad_actor', 'an actor id of 256 characters', changed({ actorid: 'x'.repeat(256) }), '/actorid'],
  ['bad_actor', 'a human without id', changed({ actortype: 'human', actorid: undefined }), '/actorid'],
  ['bad_actor', 'an id without kind', changed({ actortype: undefined }), '/actortype'],
  [
    'bad_actor',
    'no actor where the system makes no such event',
    structured(aDraft({ type: 'deal.won', actor: {} as never })),
    '/actortype',
  ],
  ['bad_actor', 'an actor that is a number', withoutHeaders({ ...flatDoc, actor: 7 }), '/actor_id'],
  ['bad_time', 'a time that is none', changed({ time: 'yesterday' }), '/time'],
  ['bad_time', 'a time before the year 0 in UTC', changed({ time: '0000-01-01T00:00:00+00:01' }), '/time'],
  ['bad_time', 'a time after the year 9999 in UTC', changed({ recordedtime: '9999-12-31T23:59:59-00:01' }), '/recordedtime'],
  ['bad_time', 'a time without offset', changed({ time: '2026-01-05T14:30:00' }), '/time'],
  ['bad_time', 'a time that is a number', changed({ time: 1767623400 }), '/time'],
  ['bad_time', 'a recorded time that is none', changed({ recordedtime: 'now' }), '/recordedtime'],
  ['bad_time', 'neither a time nor one of the record', changed({ time: undefined }, { timestampMs: -1 }), '/time'],
  ['future_time', 'a time more than 24 h ahead', changed({ time: new Date(nowMs + 86_400_001).toISOString() }), '/time'],
  ['wrong_topic', 'a retraction on another topic', { ...structured(aDraft({ type: 'activity.retracted' })), topic: 'crm.web' }, '/type'],
  [
    'wrong_topic',
    'an erasure on the comments’ topic',
    { ...structured(aDraft({ type: 'contact.erased' })), topic: 'crm.comment' },
    '/type',
  ],
  ['wrong_topic', 'a comment on another topic', { ...structured(aDraft({ type: 'comment.added' })), topic: 'crm.email' }, '/type'],
  ['wrong_topic', 'a note on the control topic', { ...structured(aDraft()), topic: 'annals.control' }, '/type'],
  ['wrong_topic', 'a note on the comments’ topic', { ...structured(aDraft()), topic: 'crm.comment' }, '/type'],
  ['replayed', 'an event that was replayed', changed({ ingestmode: 'replay' }), '/ingestmode'],
];

const rejectionOf = (record: WireRecord): Rejection => {
  const decoded = decodeRecord(record, { nowMs });
  if (decoded.outcome !== 'rejected') throw new Error(decoded.outcome);
  return decoded.rejection;
};

describe('a record that cannot be an event', () => {
  it.each(POISON.map(([reason, what, record, path]) => ({ reason, what, record, path })))(
    'is $reason: $what',
    ({ reason, record, path }) => {
      const rejection = rejectionOf(record);
      expect(rejection.reason).toBe(reason);
      if (path !== undefined) expect(rejection.schemaPath).toBe(path);
      expect(JSON.stringify(rejection)).not.toContain('secret');
    },
  );

  it('has been tried for every reason that decoding gives', () => {
    const elsewhere = ['conflict', 'undecodable_batch'];
    expect(new Set([...POISON.map(([reason]) => reason), ...elsewhere])).toEqual(new Set(DEAD_LETTER_REASONS));
  });
});

describe('what is just within the bounds', () => {
  it.each([
    ['64 levels of payload', payloadText(`"x":${nested(63)}`)],
    ['64 levels of payload in a text with escapes', payloadText(`"e":"\\ud83d\\ude00","x":${nested(63)}`)],
    ['a payload of almost 256 KiB', payload({ pipelineId: 'x'.repeat(262_000) })],
    ['ids of 255 characters', changed({ id: '😀'.repeat(255), source: 'x'.repeat(255) })],
    [
      '32 references',
      data({
        entities: [
          { type: 'deal', id: doc().subject?.toString().slice(5) },
          ...Array.from({ length: 31 }, (_, i) => ({ type: 'account', id: `a${i}` })),
        ],
      }),
    ],
    ['24 h ahead', changed({ time: new Date(nowMs + 86_400_000).toISOString() })],
    ['the year 0', changed({ time: '0000-01-01T00:00:00Z' })],
    ['a surrogate pair written with escapes', payloadText('"x":"\\ud83d\\ude00"')],
    ['the largest exact integer', payloadText('"x":[9007199254740991,-9007199254740991,0.1,1e-9]')],
    ['attributes that are null', changed({ correlationid: null, time: null, dataschema: null, traceparent: null })],
    ['a trace that is none', changed({ traceparent: 'nonsense' })],
    ['attributes nobody knows', changed({ myextension: 'x', nested: { a: [1] } })],
    ['another type of the same kind of topic', { ...good, topic: 'crm.web' }],
    ['a retraction on the control topic', structured(aDraft({ type: 'activity.retracted' }))],
    ['a flat event of an integer version', flat(aDraft({ version: 1 }))],
  ])('is accepted: %s', (_, record) => {
    expect(decodeRecord(record, { nowMs }).outcome).toBe('accepted');
  });
});
