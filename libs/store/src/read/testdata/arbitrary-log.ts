import fc from 'fast-check';
import type { ActivityEvent, EntityRef, EventEffect } from '#libs/contracts';

const SOURCE = 'urn:annals:reads';
const CONTACTS = ['a', 'b', 'c', 'd'];
/** Ties, neighbours by a microsecond, and three months. */
const TIMES = [
  '2025-12-31T23:59:59.999999Z',
  '2026-01-01T00:00:00Z',
  '2026-01-01T00:00:00.000001Z',
  '2026-01-20T08:00:00Z',
  '2026-03-02T09:30:00Z',
];
export const TYPES = ['note.added', 'email.sent', 'email.opened', 'deal.won'];
export const ACTORS = [
  { type: 'human', id: 'jane' },
  { type: 'agent', id: 'jane' },
  { type: 'system', id: 'sync' },
] as const;

/** Makes an event of a draft of `#libs/testing`; given, because this file stands below it. */
export type MakeEvent = (draft: object, exact: Partial<ActivityEvent>) => ActivityEvent;

const refs = fc
  .tuple(fc.subarray(CONTACTS), fc.subarray(['x', 'y']))
  .map(([contacts, accounts]): EntityRef[] => [
    ...accounts.map((id) => ({ type: 'account', id })),
    ...contacts.map((id) => ({ type: 'contact', id })),
  ])
  .map((entities) => (entities.length > 0 ? entities : [{ type: 'deal', id: 'z' }]));

/** What an event does, and a number that picks whom it does it to among the events of the log. */
interface Deed {
  readonly does: 'nothing' | 'retract' | 'comment' | 'delete comment' | 'merge' | 'unmerge';
  readonly pick: number;
}

const deed: fc.Arbitrary<Deed> = fc.record({
  does: fc.oneof(
    { weight: 10, arbitrary: fc.constant('nothing' as const) },
    { weight: 6, arbitrary: fc.constant('retract' as const) },
    { weight: 2, arbitrary: fc.constantFrom('comment' as const, 'delete comment' as const) },
    { weight: 5, arbitrary: fc.constantFrom('merge' as const, 'unmerge' as const) },
  ),
  pick: fc.nat(10_000),
});

const step = fc.record({
  entities: refs,
  deed,
  type: fc.constantFrom(...TYPES),
  time: fc.constantFrom(...TIMES),
  actor: fc.constantFrom(...ACTORS),
});
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Steps of one tenant's log, some of which take others back, merge contacts or undo that, before or after what they speak of. */
export const someLog = fc.array(step, { minLength: 1, maxLength: 60, size: 'max' });
/** Times to filter by, some of them those of events. */
export const someTime = fc.constantFrom(...TIMES);

export function eventsOf(steps: readonly Step[], make: MakeEvent, tenantId: string): ActivityEvent[] {
  return steps.map(({ entities, deed: done, type, time, actor }, index) => {
    const draft = {
      type: 'note.added',
      id: `s${index}`,
      source: SOURCE,
      tenantId,
      entities,
      actor,
      time,
      payload: { text: `entry ${index}` },
    };
    return make(draft, { type, effect: effectOf(done, steps), customerVisible: type === 'email.sent' });
  });
}

function effectOf({ does, pick }: Deed, steps: readonly Step[]): EventEffect | null {
  const among = (wanted: Deed['does']): number[] => steps.flatMap((each, index) => (each.deed.does === wanted ? [index] : []));
  const merges = among('merge');
  switch (does) {
    case 'nothing':
      return null;
    case 'retract':
      return { kind: 'retract-event', targetEventId: `s${pick % steps.length}` };
    case 'comment':
      return { kind: 'open-comment', commentId: `k${pick % 3}`, parentCommentId: null };
    case 'delete comment':
      return { kind: 'delete-comment', commentId: `k${pick % 3}` };
    case 'merge':
      return { kind: 'merge-contact', fromContactId: contactAt(pick), intoContactId: contactAt(pick + 1 + (pick % 3)) };
    case 'unmerge':
      return { kind: 'unmerge-contact', mergeEventId: `s${merges[pick % (merges.length || 1)] ?? 0}` };
  }
}

const contactAt = (pick: number): string => CONTACTS[pick % CONTACTS.length] ?? '';
