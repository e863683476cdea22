import { TenantTypes, type EventRecord } from '#libs/contracts';
import type { EventRow } from '#libs/store';
import type { Principal } from '../auth/principal.js';
import { TenantWakes } from '../live/tenant-wakes.js';
import type { PublishOptions } from '../publish/publisher.js';
import type { QueryParts } from '../query-parts.js';
import { writeEntry, type EntryDraft, type WriteParts } from './write-entry.js';

const tenantId = '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11';
const jane = { kind: 'user', tenantId, userId: 'jane', scopes: [], expiresAt: 0 } as Principal;
const NOTE: EntryDraft = { type: 'note.added', entities: [{ type: 'contact', id: 'c' }], payload: { text: 'hello' } };
const draft = () => NOTE;

/** A log that shows what was published once somebody lets it, and says what was asked of Kafka. */
class Bench {
  readonly wakes = new TenantWakes();
  readonly published: EventRecord[] = [];
  private readonly rows = new Map<string, EventRow>();
  kafka: (options: PublishOptions | undefined) => Promise<void> = (options) => {
    options?.onSend?.();
    return Promise.resolve();
  };

  parts(writeMs = 2000): WriteParts {
    const store = { eventById: (_: unknown, id: string) => Promise.resolve(this.rows.get(id) ?? null) };
    const publisher = {
      publish: (record: EventRecord, options?: PublishOptions) => {
        this.published.push(record);
        return this.kafka(options);
      },
      close: () => Promise.resolve(),
    };
    return {
      store: store as unknown as QueryParts['store'],
      publisher,
      wakes: this.wakes,
      waits: { writeMs, readMs: 0 },
      types: new TenantTypes(),
    };
  }

  /** As ingest would: the row of the record published last, under the id asked for. */
  append(id: string, changes: Partial<EventRow> = {}): void {
    const event = JSON.parse(this.published.at(-1)?.value ?? '{}') as { actortype: string; actorid: string; id: string };
    const row = {
      ...{ id, position: '1', type: 'note.added', summary: null, payload: '{"text":"hello"}', occurredAt: '2026-01-05T14:30:00.000000Z' },
      ...{ entities: '[{"id":"c","type":"contact"}]', actorType: event.actortype, actorId: event.actorid, onBehalfOf: null },
      ...{ timeQuality: 'record', sourceId: event.id },
      ...changes,
    };
    this.rows.set(id, row as EventRow);
    this.wakes.wake(new Map([[tenantId, 1n]]));
  }
}

/** The id that the entry will have, told to the draft. */
function withId(): { readonly id: () => string; readonly draft: (id: string) => EntryDraft } {
  let told = '';
  return { id: () => told, draft: (id) => ((told = id), NOTE) };
}

describe('writing an entry', () => {
  it('answers with the row as soon as it stands in the log', async () => {
    const bench = new Bench();
    const wish = withId();
    bench.kafka = (options) => {
      options?.onSend?.();
      setImmediate(() => bench.append(wish.id()));
      return Promise.resolve();
    };
    const written = await writeEntry(bench.parts(60_000), jane, { draft: wish.draft });
    expect(written).toMatchObject({ outcome: 'written', repeated: false, row: { id: wish.id() } });
    const [record] = bench.published;
    expect(record).toMatchObject({ topic: 'crm.engagement', key: tenantId });
    expect(JSON.parse(record?.value ?? '{}')).toMatchObject({ source: '/annals/manage', actortype: 'human', actorid: 'jane' });
    expect(JSON.parse(record?.value ?? '{}')).not.toHaveProperty('time');
  });

  it('does not publish what ingest would refuse', async () => {
    const bench = new Bench();
    const refused = await writeEntry(bench.parts(), jane, { draft: () => ({ ...NOTE, payload: { text: 5 } }) });
    expect(refused).toMatchObject({ outcome: 'refused', rejection: { reason: 'bad_payload', schemaPath: '/data/payload/text' } });
    expect(bench.published).toEqual([]);
  });

  it('is pending when Kafka has it and the log does not show it in time', async () => {
    const wish = withId();
    const written = await writeEntry(new Bench().parts(30), jane, { draft: wish.draft });
    expect(written).toEqual({ outcome: 'pending', id: wish.id() });
  });

  it('says whether Kafka may have it although it does not answer', async () => {
    const bench = new Bench();
    bench.kafka = () => Promise.reject(new Error('cannot connect'));
    expect(await writeEntry(bench.parts(), jane, { draft })).toEqual({ outcome: 'unavailable', maybe: false });
    bench.kafka = (options) => {
      options?.onSend?.();
      return Promise.reject(new Error('no answer'));
    };
    expect(await writeEntry(bench.parts(), jane, { draft })).toEqual({ outcome: 'unavailable', maybe: true });
    let aborted = false;
    bench.kafka = (options) => new Promise(() => options?.signal?.addEventListener('abort', () => (aborted = true)));
    expect(await writeEntry(bench.parts(20), jane, { draft })).toEqual({ outcome: 'unavailable', maybe: false });
    expect(aborted).toBe(true);
  });

  it('publishes nothing when the key names an entry that stands: the same is answered, other content is a conflict', async () => {
    const bench = new Bench();
    const wish = withId();
    await writeEntry(bench.parts(1), jane, { key: 'k', draft: wish.draft });
    bench.append(wish.id());
    let checked = 0;
    const check = () => Promise.resolve(void checked++);
    expect(await writeEntry(bench.parts(), jane, { key: 'k', draft, check })).toMatchObject({ outcome: 'written', repeated: true });
    const other = () => ({ ...NOTE, payload: { text: 'other' } });
    expect(await writeEntry(bench.parts(), jane, { key: 'k', draft: other, check })).toEqual({ outcome: 'conflict' });
    expect([bench.published.length, checked]).toEqual([1, 0]);
  });

  it('tells a conflict that only ingest could see, without waiting for what never comes', async () => {
    const bench = new Bench();
    const wish = withId();
    bench.kafka = (options) => {
      options?.onSend?.();
      bench.append(wish.id(), { payload: '{"text":"the other was first"}' });
      return Promise.resolve();
    };
    expect(await writeEntry(bench.parts(60_000), jane, { key: 'k', draft: wish.draft })).toEqual({ outcome: 'conflict' });
  });

  it('gives a key to each caller for itself, and every entry without one an id of its own', async () => {
    const ids: string[] = [];
    const keep = (id: string) => (ids.push(id), NOTE);
    const service = { ...jane, kind: 'service' } as Principal;
    const other = { ...jane, userId: 'bo' } as Principal;
    for (const principal of [jane, jane, other, service]) await writeEntry(new Bench().parts(1), principal, { key: 'k', draft: keep });
    for (let n = 0; n < 2; n++) await writeEntry(new Bench().parts(1), jane, { draft: keep });
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(5);
  });
});
