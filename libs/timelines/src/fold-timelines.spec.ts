import fc from 'fast-check';
import type { ActivityEvent, EntityRef, EventEffect } from '#libs/contracts';
import { foldTimelines, type FoldedTimelines, type LogEntry } from './fold-timelines.js';
import { FEED, timelineRowsOf } from './timeline-rows.js';

const SOURCE = '/producers/test';

function entry(position: number, given: Partial<ActivityEvent> = {}): LogEntry {
  const event: ActivityEvent = {
    tenantId: '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11',
    source: SOURCE,
    sourceId: `e-${position}`,
    type: 'note.added',
    sourceType: 'note',
    version: 1,
    entities: [{ type: 'contact', id: 'abc' }],
    actor: { type: 'human', id: 'jane@example.com' },
    occurredAt: 1_767_623_400_000_000n,
    timeQuality: 'producer',
    recordedAt: null,
    correlationId: null,
    causationId: null,
    traceparent: null,
    ingestMode: 'live',
    summary: null,
    payload: '{"text":"hello"}',
    customerVisible: false,
    effect: null,
    ...given,
  };
  return { position: BigInt(position), id: uuid(event.sourceId), event };
}

/** Stands in for the identity digest. */
const uuid = (sourceId: string): string => `00000000-0000-8000-8000-${Buffer.from(sourceId).toString('hex').padStart(12, '0').slice(-12)}`;
const doing = (position: number, effect: EventEffect, given: Partial<ActivityEvent> = {}): LogEntry =>
  entry(position, { type: effect.kind, effect, ...given });
const showing = (folded: FoldedTimelines, timeline: string): string[] =>
  (folded.timelines.get(timeline) ?? []).filter((row) => row.retractedAtPosition === null).map((row) => String(row.position));
const hiddenFrom = (folded: FoldedTimelines, position: number): bigint | null | undefined =>
  folded.timelines.get(FEED)?.find((row) => row.position === BigInt(position))?.retractedAtPosition;

describe('an event on timelines', () => {
  it('given references to a deal and an account, stands on both and on the feed', () => {
    const rows = timelineRowsOf(
      entry(1, {
        entities: [
          { type: 'deal', id: 'd' },
          { type: 'account', id: 'a' },
        ],
      }).event,
    );
    expect(rows.map((row) => row.timeline)).toEqual([FEED, 'deal/d', 'account/a']);
  });

  it('given the same entity in two roles, stands on its timeline once', () => {
    const entities: [EntityRef, EntityRef] = [
      { type: 'contact', id: 'abc' },
      { type: 'contact', id: 'abc', role: 'merged' },
    ];
    expect(timelineRowsOf(entry(1, { entities }).event).map((row) => row.timeline)).toEqual([FEED, 'contact/abc']);
  });

  it('given no contact, lead or merchant, is not about a customer', () => {
    const about = (type: string): boolean =>
      timelineRowsOf(entry(1, { entities: [{ type, id: 'x' }] }).event).some((row) => row.aboutCustomer);
    expect(['account', 'contact', 'lead', 'merchant', 'ticket'].filter(about)).toEqual(['contact', 'lead', 'merchant']);
  });

  it('given a backdated fact, slides into its place; ties stand in log order', () => {
    const folded = foldTimelines([entry(1), entry(2), entry(3, { occurredAt: 0n })]);
    expect(showing(folded, 'contact/abc')).toEqual(['2', '1', '3']);
  });
});

describe('a retraction', () => {
  it('given its target stands already, hides it from its own position on', () => {
    const folded = foldTimelines([entry(1), doing(2, { kind: 'retract-event', targetEventId: uuid('e-1') })]);
    expect(hiddenFrom(folded, 1)).toBe(2n);
    expect(showing(folded, 'contact/abc')).toEqual(['2']);
  });

  it('given it comes first, hides its target from where it lands', () => {
    const folded = foldTimelines([doing(1, { kind: 'retract-event', targetEventId: 'e-2' }), entry(2)]);
    expect(hiddenFrom(folded, 2)).toBe(2n);
  });

  it("given another producer's id, hides nothing", () => {
    const folded = foldTimelines([entry(1), doing(2, { kind: 'retract-event', targetEventId: 'e-1' }, { source: '/producers/other' })]);
    expect(hiddenFrom(folded, 1)).toBeNull();
  });

  it('given it is retracted itself, still hides its target', () => {
    const folded = foldTimelines([
      entry(1),
      doing(2, { kind: 'retract-event', targetEventId: 'e-1' }),
      doing(3, { kind: 'retract-event', targetEventId: 'e-2' }),
    ]);
    expect(showing(folded, FEED)).toEqual(['3']);
  });

  it('given a second one, the first wins', () => {
    const retract: EventEffect = { kind: 'retract-event', targetEventId: 'e-1' };
    expect(hiddenFrom(foldTimelines([entry(1), doing(2, retract), doing(3, retract)]), 1)).toBe(2n);
  });
});

describe('a comment deletion', () => {
  it('given several comments of one id, hides them all, those to come too', () => {
    const open: EventEffect = { kind: 'open-comment', commentId: 'c', parentCommentId: null };
    const folded = foldTimelines([doing(1, open), doing(2, { kind: 'delete-comment', commentId: 'c' }), doing(3, open)]);
    expect(showing(folded, FEED)).toEqual(['2']);
  });
});

describe('a merge', () => {
  const merge: EventEffect = { kind: 'merge-contact', fromContactId: 'old', intoContactId: 'new' };

  it('given no unmerge, stands', () => {
    expect(foldTimelines([doing(1, merge)]).merges).toEqual([
      { from: 'contact/old', into: 'contact/new', mergedAtPosition: 1n, unmergedAtPosition: null },
    ]);
  });

  it('given an unmerge before or after it, ends at the later of the two', () => {
    const unmerge: EventEffect = { kind: 'unmerge-contact', mergeEventId: 'm' };
    expect(foldTimelines([doing(1, merge, { sourceId: 'm' }), doing(2, unmerge)]).merges[0]?.unmergedAtPosition).toBe(2n);
    expect(foldTimelines([doing(1, unmerge), doing(2, merge, { sourceId: 'm' })]).merges[0]?.unmergedAtPosition).toBe(2n);
  });
});

it('what shows does not depend on the order of arrival', () => {
  const events: LogEntry[] = [
    entry(1, { sourceId: 'a' }),
    entry(2, { sourceId: 'b' }),
    doing(3, { kind: 'retract-event', targetEventId: 'a' }, { sourceId: 'r' }),
    doing(4, { kind: 'retract-event', targetEventId: 'r' }, { sourceId: 'rr' }),
    doing(5, { kind: 'open-comment', commentId: 'c', parentCommentId: null }, { sourceId: 'o' }),
    doing(6, { kind: 'delete-comment', commentId: 'c' }, { sourceId: 'd' }),
  ];
  const shown = (log: readonly LogEntry[]): string[] => {
    const numbered = log.map((one, index) => ({ ...one, position: BigInt(index + 1) }));
    const visible = new Set(showing(foldTimelines(numbered), FEED));
    return numbered
      .filter((one) => visible.has(String(one.position)))
      .map((one) => one.event.sourceId)
      .sort();
  };
  fc.assert(fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (log) => expect(shown(log)).toEqual(['b', 'd', 'rr'])));
});
