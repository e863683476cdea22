import fc from 'fast-check';
import pg from 'pg';
import { foldTimelines, type LogEntry } from '#libs/timelines';
import type { ActivityEvent, EntityRef } from '#libs/contracts';
import { anEvent, freshDatabase, TENANT, type FreshDatabase } from '#libs/testing';
import { connectionFor } from '../connect/connection-for.js';
import { eventId } from '../prepare/event-id.js';
import { refDigest } from '../prepare/ref-digest.js';
import { aBatch, aSlice } from './a-batch.js';
import { openIngestStore } from './open-ingest-store.js';
import type { IngestStore } from './types.js';

const contact = (id: string): readonly [EntityRef] => [{ type: 'contact', id }];
const hyphenate = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
const itemId = (sourceId: string, tenantId = TENANT): string => hyphenate(eventId(tenantId, 'urn:annals:test', sourceId));

/** Everything that does something to something else, and each target; ids are the producer's. */
const EVENTS: readonly ActivityEvent[] = [
  anEvent({ id: 'plain', entities: contact('c1') }),
  anEvent({ id: 'wrong', entities: contact('c1') }),
  anEvent({ id: 'wrong-too', entities: [...contact('c1'), { type: 'account', id: 'a1' }] }),
  anEvent({ id: 'retract-1', type: 'activity.retracted', entities: contact('c1'), payload: { targetEventId: 'wrong' } }),
  anEvent({
    id: 'retract-2',
    type: 'activity.retracted',
    entities: contact('c1'),
    payload: { targetEventId: itemId('wrong-too').toUpperCase() },
  }),
  anEvent({ id: 'retract-retract', type: 'activity.retracted', entities: contact('c1'), payload: { targetEventId: 'retract-1' } }),
  anEvent({ id: 'comment', type: 'comment.added', entities: contact('c1'), payload: { commentId: 'k', text: 'hi' } }),
  anEvent({ id: 'comment-again', type: 'comment.added', entities: contact('c2'), payload: { commentId: 'k', text: 'hi' } }),
  anEvent({ id: 'uncomment', type: 'comment.deleted', entities: contact('c1'), payload: { commentId: 'k' } }),
  anEvent({ id: 'merge-1', type: 'contact.merged', entities: contact('c1'), payload: { fromContactId: 'c2', intoContactId: 'c1' } }),
  anEvent({ id: 'merge-2', type: 'contact.merged', entities: contact('c1'), payload: { fromContactId: 'c3', intoContactId: 'c1' } }),
  anEvent({ id: 'unmerge', type: 'contact.unmerged', entities: contact('c1'), payload: { mergeEventId: 'merge-1' } }),
  anEvent({ id: 'alien', source: 'urn:other', type: 'activity.retracted', entities: contact('c1'), payload: { targetEventId: 'plain' } }),
];

describe.each(['copy', 'unnest'] as const)('effects of control, comment and merge events by %s', (writePath) => {
  let database: FreshDatabase;
  let owner: pg.Client;
  let store: IngestStore;

  beforeAll(async () => {
    database = await freshDatabase();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    store = await openIngestStore({ url: connectionFor(database.url, 'ingest'), poolSize: 1, applicationName: 'spec', writePath });
  });
  afterAll(async () => {
    await store.close();
    await owner.end();
    await database.drop();
  });

  /** A tenant for every run: the same database serves them all. */
  let tenants = 0;
  const freshTenant = (): string => `00000000-0000-4000-8000-${String(++tenants).padStart(12, '0')}`;

  async function appendInBatches(events: readonly ActivityEvent[], size: number): Promise<void> {
    const topicId = `topic-${tenants}`;
    for (let from = 0; from < events.length; from += size) {
      await store.append(aBatch(aSlice(events.slice(from, from + size), { topicId, from })));
    }
  }

  async function logOf(tenant: string, events: readonly ActivityEvent[]): Promise<LogEntry[]> {
    const { rows } = await owner.query<{ position: string; id: string; source_id: string }>(
      'select position, id, source_id from annals.events where tenant_id = $1 order by position',
      [tenant],
    );
    const bySourceId = new Map(events.map((event) => [event.sourceId, event]));
    return rows.map((row) => ({ position: BigInt(row.position), id: row.id, event: bySourceId.get(row.source_id)! }));
  }

  async function storedTimelines(tenant: string): Promise<string[]> {
    const { rows } = await owner.query<{ ref: string; position: string; retracted: string | null }>(
      'select ref, position, retracted_at_position as retracted from annals.timeline where tenant_id = $1',
      [tenant],
    );
    return rows.map(({ ref, position, retracted }) => `${ref.replaceAll('-', '')} ${position} ${retracted}`).sort();
  }

  async function storedMerges(tenant: string): Promise<unknown[]> {
    const { rows } = await owner.query<Record<string, unknown>>(
      'select from_ref, into_ref, merged_at_position::int as at, unmerged_at_position::int as until from annals.merges where tenant_id = $1 order by at',
      [tenant],
    );
    return rows;
  }

  const refOf = (timeline: string): string =>
    timeline === 'feed'
      ? '0'.repeat(32)
      : refDigest(timeline.slice(0, timeline.indexOf('/')), timeline.slice(timeline.indexOf('/') + 1)).toString('hex');

  it('show the same as a plain fold of the log, in every order and however it is cut into batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...EVENTS], { minLength: 6 }),
        fc.integer({ min: 1, max: EVENTS.length }),
        async (order, size) => {
          const tenantId = freshTenant();
          const renamed = (event: ActivityEvent): ActivityEvent => {
            const { effect } = event;
            // item ids depend on the tenant
            const named = itemId('wrong-too', tenantId);
            return {
              ...event,
              tenantId,
              effect: event.sourceId === 'retract-2' ? { kind: 'retract-event', targetEventId: named.toUpperCase() } : effect,
            };
          };
          const events = order.map(renamed);
          await appendInBatches(events, size);
          const folded = foldTimelines(await logOf(tenantId, events));
          const expected = [...folded.timelines].flatMap(([timeline, rows]) =>
            rows.map(({ position, retractedAtPosition }) => `${refOf(timeline)} ${position} ${retractedAtPosition}`),
          );
          expect(await storedTimelines(tenantId)).toEqual(expected.sort());
          expect(await storedMerges(tenantId)).toEqual(
            folded.merges.map((merge) => ({
              from_ref: hyphenate(refOf(merge.from)),
              into_ref: hyphenate(refOf(merge.into)),
              at: Number(merge.mergedAtPosition),
              until: merge.unmergedAtPosition === null ? null : Number(merge.unmergedAtPosition),
            })),
          );
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);

  it('are kept for as long as their target does not come', async () => {
    const tenantId = freshTenant();
    const topicId = `topic-${tenants}`;
    const [retract, target] = ['retract-1', 'wrong'].map((id) => ({ ...EVENTS.find(({ sourceId }) => sourceId === id)!, tenantId })) as [
      ActivityEvent,
      ActivityEvent,
    ];
    const others = Array.from({ length: 5 }, (_, index) => ({ ...target, sourceId: `other-${index}` }));
    let from = 0;
    for (const event of [retract, ...others, target]) await store.append(aBatch(aSlice([event], { topicId, from: from++ })));
    const { rows } = await owner.query(
      'select position::int, effective_position::int, by_position::int from annals.retracted where tenant_id = $1',
      [tenantId],
    );
    expect(rows).toEqual([{ position: 7, effective_position: 7, by_position: 1 }]);
  });
});
