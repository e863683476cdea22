import fc from 'fast-check';
import { parseTime, type ActivityEvent, type EntityRef } from '#libs/contracts';

export const ACCOUNTS = ['a', 'b', 'c', 'd', 'e'];
/** Ties, neighbours by a microsecond, and the ends of what a time can be. */
const TIMES = [
  '0000-02-29T12:00:00Z',
  '2025-12-31T23:59:59.999999Z',
  '2026-01-01T00:00:00Z',
  '2026-01-01T00:00:00.000001Z',
  '2026-01-20T08:00:00Z',
  '2026-03-02T09:30:00Z',
];
export const micros = (time: string): bigint => parseTime(time)!;
const account = (id: string, role?: string): EntityRef => ({ type: 'account', id, ...(role !== undefined && { role }) });

/** What `#libs/testing` makes an event of; it stands above this file. */
type Draft = object;

const move = (child: string, parent: string | null, time: string, more: object): Draft => ({
  ...{ type: 'account.parent_changed', source: 'urn:annals:reads', time, ...more },
  entities: parent === null || parent === child ? [account(child)] : [account(child), account(parent, 'parent')],
  payload: { toParentId: parent },
});
const note = (ids: readonly string[], time: string, more: object): Draft => ({
  ...{ source: 'urn:annals:reads', time, entities: ids.map((id) => account(id)) },
  ...more,
});
const retraction = (targetEventId: string, more: object): Draft => ({
  type: 'activity.retracted',
  source: 'urn:annals:reads',
  payload: { targetEventId },
  entities: [{ type: 'deal', id: 'z' }],
  ...more,
});

export const someAccount = fc.constantFrom(...ACCOUNTS);
const someStep = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ does: fc.constant('move' as const), child: someAccount, parent: fc.option(someAccount, { freq: 6 }) }),
  },
  { weight: 5, arbitrary: fc.record({ does: fc.constant('note' as const), about: fc.subarray(ACCOUNTS, { minLength: 1, maxLength: 3 }) }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('retract' as const), target: fc.nat(40) }) },
);
/** Accounts that move, notes about them and what takes either back, in any order of occurrence. */
export const someTree = fc.array(fc.tuple(someStep, fc.constantFrom(...TIMES)), { minLength: 1, maxLength: 40, size: 'max' });
export type Tree = typeof someTree extends fc.Arbitrary<infer T> ? T : never;

export function eventsOfTree(steps: Tree, tenantId: string, make: (draft: Draft) => ActivityEvent): ActivityEvent[] {
  const drafts = steps.map(([step, time], index) => {
    const own = { id: `s${index}`, tenantId };
    if (step.does === 'move') return move(step.child, step.parent, time, own);
    if (step.does === 'note') return note(step.about, time, { ...own, actor: { type: 'human', id: index % 3 === 0 ? 'jane' : 'kim' } });
    return retraction(`s${step.target}`, { ...own, time });
  });
  return drafts.map(make);
}

export const someDepth = fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined });
export const someTreeFilter = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        types: fc.subarray(['note.added', 'account.parent_changed'], { minLength: 1 }),
        actor: fc.constant({ id: 'jane' }),
        from: fc.constantFrom(...TIMES).map(micros),
        to: fc.constantFrom(...TIMES).map(micros),
        includeRetracted: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  },
);
