import { decodeRecord } from '../decode/decode-record.js';
import { eventDefinition } from '../registry.js';
import { deepLinkOf } from '../sentence/deep-link.js';
import { describeEvent, summaryOf } from '../sentence/summary.js';
import { aRow, aType } from './a-type.fixture.js';
import { personalFields } from './personal-fields.js';
import { TenantTypes } from './tenant-types.js';

const [TENANT, OTHER] = ['5b1f0a86-3c1d-4c2e-9d53-0f4a7e6b1c01', '9e2c7d14-8a4b-4f6d-b0c3-6d1e5f7a2b02'];
const known = (...rows: Parameters<TenantTypes['replace']>[1]): TenantTypes => {
  const types = new TenantTypes();
  types.replace(TENANT, rows);
  return types;
};

describe("a tenant's types", () => {
  it('are the built-in ones as long as it has none of its own', () => {
    const types = new TenantTypes();
    expect(types.resolve('Email_Opened', TENANT)).toBe(eventDefinition('email.opened'));
    expect([types.resolve('custom.demo_held', TENANT), types.own(TENANT), types.rows(TENANT)]).toEqual([undefined, [], 0]);
    expect(types.inTab(TENANT, 'notes')).toEqual(['note.added']);
  });

  it('are found by their names, by the bare name and by every alias they ever had, for that tenant alone', () => {
    const types = known(aRow(aType({ aliases: ['product.demo'] })), aRow(aType({ aliases: ['talk'] }), 2));
    for (const name of ['custom.demo_held', 'Custom.Demo_Held', 'demo_held', 'product.demo', 'talk']) {
      expect(types.resolve(name, TENANT)?.type).toBe('custom.demo_held');
      expect(types.resolve(name, OTHER)).toBeUndefined();
    }
    expect(types.near('custom.demo_hold', TENANT)[0]).toBe('custom.demo_held');
    expect(types.inTab(TENANT, 'signals')).toContain('custom.demo_held');
    expect(types.inTab(OTHER, 'signals')).not.toContain('custom.demo_held');
  });

  it('never shadow a built-in name', () => {
    const types = known(aRow(aType({ type: 'custom.email_opened' })));
    expect(types.resolve('email_opened', TENANT)).toBe(eventDefinition('email.opened'));
    expect(types.own(TENANT)[0]?.aliases).toEqual([]);
  });

  it('stay the same objects while nothing of them changes: compiled rules hang on them', () => {
    const types = known(aRow(aType()));
    const [before] = types.own(TENANT);
    types.replace(TENANT, [aRow(aType()), aRow(aType({ type: 'custom.talk_given' }))]);
    expect(types.own(TENANT)[0]).toBe(before);
    types.replace(TENANT, [aRow(aType()), aRow(aType({ icon: 'eye' }), 2)]);
    expect(types.own(TENANT)[0]).not.toBe(before);
    expect(types.own(TENANT)[0]?.versions[1]).toBe(before?.versions[1]);
    expect(types.own(TENANT)[0]).toMatchObject({ newest: 2, icon: 'eye' });
  });

  it('mark personal fields as built-in types do', () => {
    const definition = known(aRow(aType({ pii: ['attendee'] }))).resolve('custom.demo_held', TENANT);
    expect(definition && personalFields(definition, 1)).toEqual(['attendee']);
    expect(personalFields(eventDefinition('call.completed'), 1)).toEqual(['phone', 'text', 'recordingUrl']);
  });
});

describe('an event of a tenant’s own type', () => {
  const types = known(
    aRow(aType()),
    aRow(
      aType({
        schema: { type: 'object', properties: { minutes: { type: 'number' } } },
        summary: 'held a demo of {minutes} min',
        upcasters: [{ from: 1, to: 2, ops: [{ rename: { from: 'durationSeconds', to: 'minutes' } }] }],
      }),
      2,
    ),
  );
  const decode = (type: string, { topic = 'crm.custom', schema, payload = { duration_seconds: 9 } }: Wish = {}) =>
    decodeRecord(
      {
        topic,
        headers: { 'content-type': 'application/cloudevents+json' },
        timestampMs: 0,
        value: new TextEncoder().encode(
          JSON.stringify({
            ...{ specversion: '1.0', id: 'e', source: '/t', type, tenantid: TENANT, subject: 'contact/c', dataschema: schema },
            data: { payload },
          }),
        ),
      },
      { nowMs: 0, registry: types },
    );
  interface Wish {
    readonly topic?: string;
    readonly schema?: string;
    readonly payload?: object;
  }

  it('is decoded as one of a built-in type is: key aliases, schema, actor', () => {
    expect(decode('Custom.demo_held')).toMatchObject({
      outcome: 'accepted',
      event: { type: 'custom.demo_held', version: 1, payload: '{"durationSeconds":9}', actor: { type: 'system' }, customerVisible: false },
    });
    expect(decode('custom.demo_held', { payload: { durationSeconds: 'x' } })).toMatchObject({
      rejection: { reason: 'bad_payload', schemaPath: '/data/payload/durationSeconds' },
    });
    expect(decode('custom.demo_held', { schema: 'urn:annals:schema:demo_held:2', payload: { minutes: 1 } })).toMatchObject({
      event: { version: 2 },
    });
  });

  it('comes on its own topic under its own name, and elsewhere under a name from before', () => {
    expect(decode('custom.demo_held', { topic: 'crm.web' })).toMatchObject({ rejection: { reason: 'wrong_topic' } });
    expect(decode('demo_held', { topic: 'crm.web' })).toMatchObject({ outcome: 'accepted' });
    for (const topic of ['annals.control', 'crm.comment']) {
      expect(decode('demo_held', { topic })).toMatchObject({ rejection: { reason: 'wrong_topic' } });
    }
  });

  it('says what it waits for, where a registration would help', () => {
    expect(decode('Custom.Talk_Given')).toMatchObject({
      rejection: { reason: 'unknown_type' },
      tenantId: TENANT,
      awaits: { name: 'custom.talk_given', version: 1 },
    });
    expect(decode('talk', { schema: 'urn:annals:schema:talk:3' })).toMatchObject({ awaits: { name: 'talk', version: 3 } });
    expect(decode('custom.demo_held', { schema: 'urn:annals:schema:custom.demo_held:3' })).toMatchObject({
      rejection: { reason: 'unknown_version' },
      awaits: { name: 'custom.demo_held', version: 3 },
    });
    for (const [type, schema] of [
      ['no type at all', undefined],
      ['custom.demo_held', 'urn:annals:schema:deal.won:3'],
      ['custom.demo_held', 'v3'],
      ['deal.won', 'urn:annals:schema:deal.won:9'],
    ] as const) {
      expect(decode(type, schema === undefined ? { topic: 'crm.deal' } : { topic: 'crm.custom', schema })).toMatchObject({ awaits: null });
    }
  });

  it('is worded and linked by its definition, an old one through its upcaster', () => {
    const definition = types.resolve('custom.demo_held', TENANT);
    const event = { type: 'custom.demo_held', version: 1, payload: '{"durationSeconds":9}', summary: null };
    expect(summaryOf(event, definition)).toBe('held a demo of 9 min');
    expect(describeEvent(event, definition)).toEqual({
      summary: 'held a demo of 9 min',
      summaryKey: 'custom.demo_held@2',
      summaryParams: { minutes: 9 },
    });
    expect(summaryOf({ ...event, payload: null }, definition)).toBe('held a demo of [erased] min');
    expect(deepLinkOf({ ...event, entities: [{ type: 'deal', id: 'd' }] }, definition)).toBe('deal/d');
  });
});
