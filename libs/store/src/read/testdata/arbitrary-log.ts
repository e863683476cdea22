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
export type Step = (make: MakeEvent, tenantId: string, index: number) => ActivityEvent;

const refs = fc
  .tuple(fc.subarray(CONTACTS), fc.subarray(['x', 'y']))
  .map(([contacts, accounts]): EntityRef[] => [
    ...accounts.map((id) => ({ type: 'account', id })),
    ...contacts.map((id) => ({ type: 'contact', id })),
  ])
  .map((entities) => (entities.length > 0 ? entities : [{ type: 'deal', id: 'z' }]));

const sourceId = fc.nat(40).map((index) => `s${index}`);
const commentId = fc.constantFrom('k1', 'k2');
const contact = fc.constantFrom(...CONTACTS);

const effect: fc.Arbitrary<EventEffect | null> = fc.oneof(
  { weight: 10, arbitrary: fc.constant(null) },
  { weight: 3, arbitrary: sourceId.map((targetEventId) => ({ kind: 'retract-event' as const, targetEventId })) },
  { weight: 1, arbitrary: commentId.map((id) => ({ kind: 'open-comment' as const, commentId: id, parentCommentId: null })) },
  { weight: 1, arbitrary: commentId.map((id) => ({ kind: 'delete-comment' as const, commentId: id })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(contact, contact)
      .filter(([from, into]) => from !== into)
      .map(([fromContactId, intoContactId]) => ({ kind: 'merge-contact' as const, fromContactId, intoContactId })),
  },
  { weight: 1, arbitrary: sourceId.map((mergeEventId) => ({ kind: 'unmerge-contact' as const, mergeEventId })) },
);

const step: fc.Arbitrary<Step> = fc
  .record({ entities: refs, effect, type: fc.constantFrom(...TYPES), time: fc.constantFrom(...TIMES), actor: fc.constantFrom(...ACTORS) })
  .map(({ entities, effect: does, type, time, actor }): Step => (make, tenantId, index) => {
    const draft = { id: `s${index}`, source: SOURCE, tenantId, entities, actor, time, payload: { text: `entry ${index}` } };
    return make({ type: 'note.added', ...draft }, { type, effect: does, customerVisible: type === 'email.sent' });
  });

/** Events of one tenant, some of which take others back, merge contacts or undo that, before or after what they speak of. */
export const someLog = fc.array(step, { minLength: 1, maxLength: 41 });
/** Times to filter by, some of them those of events. */
export const someTime = fc.constantFrom(...TIMES);
