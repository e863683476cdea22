import fc from 'fast-check';
import { threadOrder, type ThreadKey } from './thread-order.js';

const key = (commentId: string, parentCommentId: string | null = null, deleted = false): ThreadKey => ({
  commentId,
  parentCommentId,
  deleted,
});
const lines = (keys: readonly ThreadKey[]): string[] =>
  threadOrder(keys).map(({ commentId, depth, deleted }) => `${'  '.repeat(depth)}${commentId}${deleted ? ' deleted' : ''}`);

describe('the order of a thread', () => {
  it('has the newest thread first, and in it every comment before its replies, oldest first', () => {
    const keys = [key('a'), key('a1', 'a'), key('b'), key('a11', 'a1'), key('a2', 'a'), key('b1', 'b')];
    expect(lines(keys)).toEqual(['b', '  b1', 'a', '  a1', '    a11', '  a2']);
  });

  it('keeps a deleted comment while somebody below it is heard, and leaves it out otherwise', () => {
    const keys = [key('a', null, true), key('a1', 'a', true), key('a11', 'a1'), key('a2', 'a', true), key('b', null, true)];
    expect(lines(keys)).toEqual(['a deleted', '  a1 deleted', '    a11']);
  });

  it('begins a thread with what answers nothing that is here, and with the oldest of a circle', () => {
    expect(lines([key('x', 'elsewhere'), key('p', 'q'), key('q', 'p'), key('self', 'self')])).toEqual(['self', 'p', '  q', 'x']);
  });

  it('gives replies to the first of those who claim an id, and loses none of the others', () => {
    expect(lines([key('a'), key('a'), key('r', 'a')])).toEqual(['a', 'a', '  r']);
  });

  it('does not mind a chain of ten thousand', () => {
    const chain = Array.from({ length: 10_000 }, (_, n) => key(`c${n}`, n === 0 ? null : `c${n - 1}`));
    expect(threadOrder(chain).at(-1)).toMatchObject({ commentId: 'c9999', depth: 9999 });
  });

  it('shows every comment that stands exactly once, whatever answers what', () => {
    const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const anyKey = fc.record({ commentId: ids, parentCommentId: fc.option(ids), deleted: fc.boolean(), nth: fc.constant(0) });
    fc.assert(
      fc.property(fc.array(anyKey, { maxLength: 20 }), (drawn) => {
        const keys = drawn.map((each, nth) => ({ ...each, nth }));
        const shown = threadOrder(keys);
        expect(shown.map(({ nth }) => nth).toSorted((a, b) => a - b)).toEqual(
          [...new Set(shown.map(({ nth }) => nth))].toSorted((a, b) => a - b),
        );
        const standing = keys.filter(({ deleted }) => !deleted).map(({ nth }) => nth);
        expect(
          shown
            .filter(({ deleted }) => !deleted)
            .map(({ nth }) => nth)
            .toSorted((a, b) => a - b),
        ).toEqual(standing);
        shown.forEach(({ deleted, depth }, at) => {
          if (deleted) expect(shown[at + 1]?.depth).toBe(depth + 1);
        });
      }),
    );
  });
});
