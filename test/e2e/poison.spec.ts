import { eventually } from '#libs/testing';
import { aTenant, note, Rig, type Sent } from './rig.js';
import type { SpawnedApp } from '#libs/testing';

const HOUR = 3_600_000;

/** What is wrong with a record, the reason it must get, and the record: a good note spoilt in one way. */
type Poison = readonly [what: string, reason: string, spoil: (event: Record<string, unknown>) => Partial<Sent>];

const text = (value: string | Buffer): Partial<Sent> => ({ value });
const json = (change: (event: Record<string, unknown>) => object): Poison[2] => {
  return (event) => ({ value: JSON.stringify(change(event)) });
};
const data = (change: (data: Record<string, unknown>) => object): Poison[2] =>
  json((event) => ({ ...event, data: change(event['data'] as Record<string, unknown>) }));
const payload =
  (raw: string): Poison[2] =>
  (event) => ({
    value: JSON.stringify({ ...event, data: { ...(event['data'] as object), payload: 'HERE' } }).replace('"HERE"', raw),
  });
const entities = (count: number) => Array.from({ length: count }, (_, i) => ({ type: 'contact', id: `contact-${i}` }));

const POISON: readonly Poison[] = [
  ['invalid UTF-8', 'not_utf8', () => text(Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]))],
  ['truncated JSON', 'not_json', (event) => text(JSON.stringify(event).slice(0, -5))],
  ['an empty value', 'not_json', () => text('')],
  ['JSON nested 200,000 deep', 'too_deep', () => text('['.repeat(200_000) + ']'.repeat(200_000))],
  ['five megabytes of nesting', 'too_large', () => text('['.repeat(2_500_000) + ']'.repeat(2_500_000))],
  ['a payload beyond its bound', 'too_large', payload(`{"text":"a note","blob":"${'x'.repeat(300_000)}"}`)],
  ['a NUL', 'forbidden_character', payload('{"text":"a\\u0000b"}')],
  ['a lone surrogate', 'forbidden_character', payload('{"text":"a\\ud800b"}')],
  ['a __proto__ key', 'forbidden_key', payload('{"text":"a note","__proto__":{"isAdmin":true}}')],
  ['an unsafe integer', 'unsafe_number', payload('{"text":"a note","n":9007199254740993}')],
  ['a number without end', 'unsafe_number', payload('{"text":"a note","n":1e400}')],
  ['an array for an event', 'wrong_envelope', () => text('[1,2,3]')],
  ['another specversion', 'wrong_envelope', json((event) => ({ ...event, specversion: '0.3' }))],
  [
    'no id in the flat form',
    'missing_id',
    (event) => ({ headers: {}, value: JSON.stringify({ tenant_id: event['tenantid'], type: 'note.added' }) }),
  ],
  ['no tenant', 'missing_tenant', json(({ tenantid: _, ...event }) => event)],
  ['a tenant that is no UUID', 'bad_tenant', json((event) => ({ ...event, tenantid: 'acme' }))],
  ['a type nobody knows', 'unknown_type', json((event) => ({ ...event, type: 'note.addded' }))],
  ['a version nobody knows', 'unknown_version', json((event) => ({ ...event, dataschema: 'urn:annals:schema:note.added:99' }))],
  ['a payload of another shape', 'bad_payload', payload('{"text":42}')],
  ['no entities', 'bad_entities', data((rest) => ({ ...rest, entities: [] }))],
  ['33 entities', 'bad_entities', data((rest) => ({ ...rest, entities: entities(33) }))],
  ['an actor kind that does not exist', 'bad_actor', json((event) => ({ ...event, actortype: 'robot' }))],
  ['a time that is none', 'bad_time', json((event) => ({ ...event, time: 'yesterday' }))],
  ['a time 25 hours ahead', 'future_time', json((event) => ({ ...event, time: new Date(Date.now() + 25 * HOUR).toISOString() }))],
  ['a retraction on an open topic', 'wrong_topic', json((event) => ({ ...event, type: 'activity.retracted' }))],
  ['a replayed event', 'replayed', json((event) => ({ ...event, ingestmode: 'replay' }))],
];

interface Letter {
  readonly reason: string;
  readonly offset: string;
  readonly partition: number;
  readonly value: Buffer | null;
  readonly schema_path: string;
  readonly [column: string]: unknown;
}

describe('one record out of place', () => {
  let rig: Rig;
  let ingest: SpawnedApp;
  const tenant = aTenant();

  beforeAll(async () => {
    rig = await Rig.open(2);
    ingest = await rig.ingest();
  }, 60_000);
  afterAll(() => rig.close(), 60_000);

  const letters = (topic: string) =>
    rig.sql<Letter>('select reason, "offset", partition, value, schema_path from annals.dead_letters where topic = $1 order by "offset"', [
      rig.prefix + topic,
    ]);

  function spoilt([, , spoil]: Poison, n: number): Sent {
    const good = note(tenant, n);
    const sent = { ...good, ...spoil(JSON.parse(String(good.value)) as Record<string, unknown>) };
    return { ...sent, partition: 0 };
  }

  test('becomes a dead letter with its reason, its bytes and its coordinates, and the records around it are appended', async () => {
    const records = POISON.flatMap((poison, i) => [{ ...note(tenant, 2 * i), partition: 0 }, spoilt(poison, 2 * i + 1)]);
    await rig.publish([...records, { ...note(tenant, 2 * POISON.length), partition: 0 }]);
    await eventually(async () => (await rig.appended(tenant)) > POISON.length, { describe: 'every good record is appended' });
    const found = await letters('crm.engagement');
    expect(found.map(({ reason }) => reason)).toEqual(POISON.map(([, reason]) => reason));
    expect(found.map(({ offset }) => Number(offset))).toEqual(POISON.map((_, i) => 2 * i + 1));
    found.forEach(({ value }, i) => expect(value?.equals(Buffer.from(records[2 * i + 1]?.value ?? ''))).toBe(true));
    expect(await rig.appended(tenant)).toBe(POISON.length + 1);
    expect(await rig.holes(tenant)).toEqual([]);
  }, 90_000);

  test('never shows a value of the record in path, message or log', async () => {
    const secret = 'jane.private@example.com';
    const record = { ...note(tenant, 900), partition: 1 };
    await rig.publish([{ ...record, value: String(record.value).replace('"note number 900"', `{"${secret}":"${secret}"}`) }]);
    const [letter] = await eventually(
      async () => {
        const rows = await rig.sql<Letter>('select * from annals.dead_letters where topic = $1 and partition = 1', [
          `${rig.prefix}crm.engagement`,
        ]);
        return rows.length > 0 && rows;
      },
      { describe: 'the record is refused' },
    );
    const { value: _, ...rest } = letter as Letter;
    expect(JSON.stringify(rest)).not.toContain(secret);
    expect(ingest.logs()).not.toContain(secret);
  });

  test('the same id with other content is a conflict, the same content is acknowledged, once', async () => {
    const other = aTenant();
    const first = note(other, 1, 'contact-1', 'same');
    await rig.publish([first, first, { ...first, value: String(first.value).replace('note number 1', 'another text') }, note(other, 2)]);
    await eventually(async () => (await rig.appended(other)) === 2, { describe: 'two events stand' });
    const conflicts = await rig.sql('select reason from annals.dead_letters where tenant_id = $1', [other]);
    expect(conflicts).toEqual([{ reason: 'conflict' }]);
  });

  test('a tombstone is counted and skipped', async () => {
    const other = aTenant();
    await rig.publish([{ topic: 'crm.deal', key: other, value: null }, note(other, 1)]);
    await eventually(async () => (await rig.appended(other)) === 1, { describe: 'the note stands' });
    await eventually(async () => /annals_events_total\{[^}]*outcome="tombstone"[^}]*\} 1/.test(await metrics()), {
      describe: 'the tombstone is counted',
    });
    expect(await letters('crm.deal')).toEqual([]);
  });

  test('a copy of every dead letter reaches annals.dlq', async () => {
    const [{ count = 0 } = {}] = await rig.sql<{ count: number }>('select count(*)::int as count from annals.dead_letters');
    expect(count).toBeGreaterThan(POISON.length);
    await eventually(async () => (await rig.sql('select 1 from annals.dead_letters where relayed_at is null')).length === 0, {
      describe: 'every copy is out',
      timeoutMs: 30_000,
    });
    const copies = await rig.readAll('annals.dlq');
    expect(copies).toHaveLength(count);
    expect(copies.map(({ headers }) => String(headers?.['reason']))).toContain('not_utf8');
  }, 60_000);

  test('metrics name the reasons', async () => {
    const text = await metrics();
    for (const [, reason] of POISON) expect(text).toMatch(new RegExp(`annals_dead_letters_total\\{[^}]*reason="${reason}"`));
  });

  const metrics = async () => (await fetch(`${ingest.url}/metrics`)).text();
});
