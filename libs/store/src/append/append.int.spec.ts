import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { ActivityEvent } from '#libs/contracts';
import { anEvent, freshDatabase, OTHER_TENANT, TENANT, type FreshDatabase } from '#libs/testing';
import { connectionFor } from '../connect/connection-for.js';
import { refDigest } from '../prepare/ref-digest.js';
import { aBatch, aRecord, aSlice } from './a-batch.js';
import { openIngestStore } from './open-ingest-store.js';
import type { DeadLetter, IngestStore } from './types.js';

interface Row extends Record<string, unknown> {
  readonly position: string;
  readonly source_id: string;
}

const aDeadLetter = (given: Partial<DeadLetter> = {}): DeadLetter => ({
  rejection: { reason: 'not_json', schemaPath: '', message: 'not JSON' },
  tenantId: null,
  key: null,
  value: Buffer.from([0, 0xff, 0x7b]),
  headers: {},
  recordTimeMs: 1_767_623_400_000,
  ...given,
});

describe.each(['copy', 'unnest'] as const)('an append by %s', (writePath) => {
  let database: FreshDatabase;
  let owner: pg.Client;
  let store: IngestStore;

  beforeEach(async () => {
    database = await freshDatabase();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    store = await openIngestStore({ url: connectionFor(database.url, 'ingest'), poolSize: 2, applicationName: 'spec', writePath });
  });

  afterEach(async () => {
    await store.close();
    await owner.end();
    await database.drop();
  });

  const append = (events: readonly ActivityEvent[], from = 0): ReturnType<IngestStore['append']> =>
    store.append(aBatch(aSlice(events, { from })));
  const log = async (tenant = TENANT): Promise<Row[]> =>
    (await owner.query<Row>('select * from annals.events where tenant_id = $1 order by position', [tenant])).rows;
  const nextOffset = async (): Promise<string> =>
    (await owner.query<{ next_offset: string }>('select next_offset from annals.offsets')).rows[0]!.next_offset;

  it('takes the rest of a batch in which an event comes again, at whatever place and however often', async () => {
    await append([anEvent({ id: 'a' })]);
    const again = [anEvent({ id: 'b' }), anEvent({ id: 'a' }), anEvent({ id: 'c' })];
    expect(await append(again, 1)).toMatchObject({ outcome: 'committed', appended: 2, duplicates: 1 });
    // from here on it looks before it writes, for a while
    expect(await append([anEvent({ id: 'c' }), anEvent({ id: 'd' })], 4)).toMatchObject({ appended: 1, duplicates: 1 });
    for (let n = 0; n < 60; n++) await append([anEvent({ id: `e-${n}` })], 6 + n);
    expect(await append([anEvent({ id: 'a' }), anEvent({ id: 'f' })], 66)).toMatchObject({ appended: 1, duplicates: 1 });
    expect((await log()).map(({ position }) => Number(position))).toEqual(Array.from({ length: 65 }, (_, n) => n + 1));
  });

  it('numbers each tenant 1, 2, 3 in order of arrival', async () => {
    const events = [anEvent({ id: 'a' }), anEvent({ id: 'b', tenantId: OTHER_TENANT }), anEvent({ id: 'c' })];
    expect(await append(events)).toMatchObject({ outcome: 'committed', appended: 3, duplicates: 0, skipped: 0 });
    expect((await log()).map((row) => [row.position, row.source_id])).toEqual([
      ['1', 'a'],
      ['2', 'c'],
    ]);
    expect((await log(OTHER_TENANT)).map((row) => row.position)).toEqual(['1']);
  });

  it('keeps every field as it came', async () => {
    const event = anEvent(
      {
        id: 'é“\u{1f600}”'.padEnd(80, '€'),
        summary: 'said “so”',
        correlationId: 'c-1',
        causationId: 'c-0',
        recordedTime: '2026-01-15T09:00:01.000001Z',
      },
      {
        occurredAt: -62_167_219_200_000_000n,
        actor: { type: 'agent', id: 'drafter', onBehalfOf: 'jane@example.com' },
        payload: `{"text":"${'ü'.repeat(9000)}"}`,
      },
    );
    expect(await append([event], 7)).toMatchObject({ outcome: 'committed', appended: 1, skipped: 0 });
    const [row] = await log();
    expect(row).toMatchObject({
      offset: '7',
      source_id: event.sourceId,
      type: event.type,
      source_type: event.sourceType,
      source: event.source,
      version: 1,
      actor_type: 'agent',
      actor_id: 'drafter',
      on_behalf_of: 'jane@example.com',
      correlation_id: 'c-1',
      causation_id: 'c-0',
      traceparent: null,
      topic: 'crm.test',
      partition: 0,
      summary: 'said “so”',
      payload: event.payload,
      recorded_at: new Date('2026-01-15T09:00:01.000Z'),
      ingest_mode: 'live',
      time_quality: 'producer',
    });
    const { rows } = await owner.query(
      'select extract(epoch from occurred_at)::bigint as at, octet_length(leaf) as leaf, octet_length(salt) as salt from annals.events',
    );
    expect(rows).toEqual([{ at: '-62167219200', leaf: 32, salt: 16 }]);
  });

  it('puts an event on the feed and on the timeline of each entity', async () => {
    const entities = [
      { type: 'deal', id: 'd' },
      { type: 'contact', id: 'c' },
    ] as const;
    await append([anEvent({ entities })]);
    const { rows } = await owner.query<Record<string, unknown>>(
      `select t.ref = any ($1::uuid[]) as expected, t.position, t.bucket = annals.month_of(e.occurred_at) as in_month, t.about_customer, t.type,
              t.actor = annals.ref(e.actor_type, e.actor_id) as acted, t.retracted_at_position, t.ref
       from annals.timeline t join annals.events e using (tenant_id, position)`,
      [[Buffer.alloc(16), refDigest('deal', 'd'), refDigest('contact', 'c')].map((ref) => ref.toString('hex'))],
    );
    expect(rows).toHaveLength(3);
    expect(new Set(rows.map((row) => row['ref'])).size).toBe(3);
    for (const row of rows) {
      expect(row).toMatchObject({
        expected: true,
        position: '1',
        in_month: true,
        about_customer: true,
        acted: true,
        retracted_at_position: null,
      });
    }
    expect((await owner.query('select * from annals.months')).rows).toEqual([{ tenant_id: TENANT, bucket: 2026 * 12 }]);
  });

  it('skips a batch that comes again, and its offset stays', async () => {
    const events = [anEvent(), anEvent()];
    await append(events);
    expect(await append(events)).toMatchObject({ outcome: 'committed', appended: 0, duplicates: 0, skipped: 2 });
    expect(await log()).toHaveLength(2);
    expect(await nextOffset()).toBe('2');
  });

  it('takes only the new part of a batch that overlaps', async () => {
    const [a, b, c] = [anEvent({ id: 'a' }), anEvent({ id: 'b' }), anEvent({ id: 'c' })];
    await append([a, b]);
    expect(await append([b, c], 1)).toMatchObject({ appended: 1, skipped: 1 });
    expect((await log()).map((row) => row.source_id)).toEqual(['a', 'b', 'c']);
  });

  it('refuses a fetch that begins beyond the stored offset and names it', async () => {
    await append([anEvent()]);
    expect(await append([anEvent()], 5)).toEqual({ outcome: 'behind', seek: [{ topic: 'crm.test', partition: 0, storedOffset: 1n }] });
    expect(await log()).toHaveLength(1);
    expect(await nextOffset()).toBe('1');
    expect(await append([anEvent()], 1)).toMatchObject({ appended: 1 });
  });

  it('takes two slices of one partition that follow each other', async () => {
    await store.append(aBatch(aSlice([anEvent()]), aSlice([anEvent(), anEvent()], { from: 1 })));
    expect(await nextOffset()).toBe('3');
    expect(await log()).toHaveLength(3);
  });

  it('moves over holes: the next offset is where the fetch said', async () => {
    const slice = aSlice([anEvent()]);
    await store.append(aBatch({ ...slice, nextOffset: 9n }));
    expect(await store.startOffsets('cluster-1', [{ topicId: 'topic-1', topic: 'crm.test', partition: 0 }])).toEqual([9n]);
  });

  it('knows no offset of a partition it never saw', async () => {
    await append([anEvent()]);
    const asked = [1, 0].map((partition) => ({ topicId: 'topic-1', topic: 'crm.test', partition }));
    expect(await store.startOffsets('cluster-1', asked)).toEqual([null, 1n]);
    expect(await store.startOffsets('another', asked)).toEqual([null, null]);
  });

  it('stores the same event once, in another batch, in the same batch, and with another stamp', async () => {
    const event = anEvent({ id: 'once' });
    const again = {
      ...event,
      sourceType: 'note',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      ingestMode: 'backfill' as const,
    };
    expect(await append([event, again])).toMatchObject({ appended: 1, duplicates: 1 });
    expect(await append([again], 2)).toMatchObject({ appended: 0, duplicates: 1, conflicts: 0 });
    expect(await log()).toHaveLength(1);
  });

  it('keeps the same source id of two tenants and of two sources apart', async () => {
    const given = [anEvent({ id: 'x' }), anEvent({ id: 'x', tenantId: OTHER_TENANT }), anEvent({ id: 'x', source: 'urn:other' })];
    expect(await append(given)).toMatchObject({ appended: 3 });
  });

  it('makes a dead letter of the same identity with other content, in another batch and in the same', async () => {
    const event = anEvent({ id: 'x' });
    const other = { ...event, payload: '{"text":"changed"}' };
    expect(await append([event, other])).toMatchObject({ appended: 1, conflicts: 1, deadLetters: 1 });
    expect(await append([other], 2)).toMatchObject({ appended: 0, conflicts: 1, deadLetters: 1 });
    const { rows } = await owner.query(
      'select tenant_id, reason, "offset", key, value, headers, relayed_at from annals.dead_letters order by "offset"',
    );
    expect(rows).toEqual(
      ['1', '2'].map((offset) => ({
        tenant_id: TENANT,
        reason: 'conflict',
        offset,
        key: Buffer.from('key'),
        value: Buffer.from('raw value'),
        headers: { a: 'aGk=' },
        relayed_at: null,
      })),
    );
    expect((await log()).map((row) => row['payload'])).toEqual([event.payload]);
  });

  it('takes an erased event for the same, whatever comes again', async () => {
    const event = anEvent({ id: 'x' });
    await append([event]);
    await owner.query(
      'begin; alter table annals.events disable trigger append_only; update annals.events set payload = null, summary = null, salt = null; alter table annals.events enable always trigger append_only; commit',
    );
    expect(await append([{ ...event, payload: '{"text":"?"}' }], 1)).toMatchObject({ duplicates: 1, conflicts: 0 });
  });

  it('passes dead records and tombstones with their raw bytes kept, whatever their names hold', async () => {
    const headers = { 'a\0\ud800': 'AA==', b: ['AQ==', 'Ag=='] };
    const rejection = { reason: 'forbidden_key', schemaPath: "/a\0b'\\c", message: 'no' } as const;
    const slice = aSlice([
      { offset: 0n, outcome: 'dead', deadLetter: aDeadLetter({ headers, rejection }) },
      { offset: 1n, outcome: 'tombstone' },
      aRecord(anEvent()),
    ]);
    expect(await store.append(aBatch(slice))).toMatchObject({ appended: 1, deadLetters: 1, conflicts: 0 });
    const { rows } = await owner.query('select value, headers, schema_path, record_time from annals.dead_letters');
    expect(rows).toEqual([
      {
        value: Buffer.from([0, 0xff, 0x7b]),
        headers: { 'a\ufffd\ufffd': 'AA==', b: ['AQ==', 'Ag=='] },
        schema_path: "/a\ufffdb'\\c",
        record_time: new Date(1_767_623_400_000),
      },
    ]);
    expect(await nextOffset()).toBe('3');
  });

  it('counts dead letters by reason and tombstones once, however often the slice is read', async () => {
    const rejection = { reason: 'too_large', schemaPath: '', message: 'no' } as const;
    const slice = aSlice([
      { offset: 0n, outcome: 'dead', deadLetter: aDeadLetter({ rejection }) },
      { offset: 1n, outcome: 'tombstone' },
      aRecord(anEvent({ id: 'x' })),
      aRecord(anEvent({ id: 'x', payload: { text: 'another' } })),
    ]);
    const reasons = new Map([
      ['too_large', 1],
      ['conflict', 1],
    ]);
    expect(await store.append(aBatch(slice))).toMatchObject({ tombstones: 1, deadLetters: 2, deadLettersByReason: reasons, skipped: 0 });
    expect(await store.append(aBatch(slice))).toMatchObject({ tombstones: 0, deadLetters: 0, deadLettersByReason: new Map(), skipped: 4 });
  });

  it('counts what it appended by type', async () => {
    const outcome = await append([anEvent(), anEvent(), anEvent({ type: 'deal.won' })]);
    expect(outcome).toMatchObject({
      appendedByType: new Map([
        ['note.added', 2],
        ['deal.won', 1],
      ]),
    });
  });

  it('never lets appended_at decrease, even if the clock went back', async () => {
    await append([anEvent()]);
    await owner.query("update annals.heads set appended_at = now() + interval '1 hour'");
    await append([anEvent()], 1);
    const { rows } = await owner.query(
      'select e.appended_at = h.appended_at as held from annals.events e join annals.heads h using (tenant_id) where e.position = 2',
    );
    expect(rows).toEqual([{ held: true }]);
  });

  it('writes nothing at all if a row is refused, and goes on afterwards', async () => {
    const poison = anEvent({}, { payload: '{"text":"\0"}' });
    await expect(append([anEvent(), poison])).rejects.toThrow(/0x00/);
    expect(await log()).toHaveLength(0);
    expect(await append([anEvent(), anEvent()])).toMatchObject({ appended: 2 });
  });

  it('appends payloads far larger than its buffer', async () => {
    const payload = `{"text":"${'x'.repeat(250_000)}"}`;
    await append(Array.from({ length: 20 }, () => anEvent({}, { payload })));
    const { rows } = await owner.query('select count(*)::int, min(length(payload)) from annals.events');
    expect(rows).toEqual([{ count: 20, min: payload.length }]);
  });

  it('tells listeners the newest position of each tenant it touched, also where all were duplicates', async () => {
    const heard: string[] = [];
    owner.on('notification', ({ payload }) => heard.push(...(payload ?? '').split(',')));
    await owner.query('listen annals_appended');
    const event = anEvent();
    await append([event, anEvent({ tenantId: OTHER_TENANT })]);
    await append([event], 2);
    await owner.query('select');
    expect(heard.sort()).toEqual([`${TENANT}:1`, `${TENANT}:1`, `${OTHER_TENANT}:1`].sort());
  });
});

describe('an append as a role that may not bypass row-level security', () => {
  it('takes the path without COPY by itself, and passes', async () => {
    const database = await freshDatabase();
    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    // as on a managed database that grants nobody BYPASSRLS: membership brings the rights and the policies, not the attribute
    const name = `annals_spec_${randomBytes(6).toString('hex')}`;
    await owner.query(`create role ${name} login password 'spec' in role annals_ingest`);
    const url = new URL(database.url);
    url.username = name;
    url.password = 'spec';
    const store = await openIngestStore({ url: url.href, poolSize: 1, applicationName: 'spec' });
    const retraction = anEvent({ type: 'activity.retracted', payload: { targetEventId: 'a' } });
    expect(await store.append(aBatch(aSlice([anEvent({ id: 'a' }), retraction, anEvent({ id: 'b' })])))).toMatchObject({ appended: 3 });
    expect(await store.append(aBatch(aSlice([anEvent({ id: 'b' }), anEvent({ id: 'a' })], { from: 3 })))).toMatchObject({
      appended: 0,
      skipped: 0,
    });
    await store.close();
    expect((await owner.query('select from annals.retracted')).rowCount).toBe(1);
    await owner.query('reset role');
    await owner.query(`drop owned by ${name}; drop role ${name}`);
    await owner.end();
    await database.drop();
  });
});
