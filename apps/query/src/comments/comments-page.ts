import { threadOrder, type Threaded } from '#libs/comments';
import type { CommentKey } from '#libs/store';
import type { Principal } from '../auth/principal.js';
import { malformed } from '../http/problem-exception.js';
import type { QueryParts } from '../query-parts.js';
import type { CommentsQueryDto } from './comment.dto.js';
import { printThreaded } from './print-comment.js';

interface RecordName {
  readonly type: string;
  readonly id: string;
}

type PageParts = Pick<QueryParts, 'store' | 'sealed' | 'types'>;

/** `{ items, total, pin, next }` as JSON: the thread as of the first page, from where the page before ended. */
export async function commentsPage(parts: PageParts, { tenantId }: Principal, record: RecordName, dto: CommentsQueryDto): Promise<string> {
  const binding = JSON.stringify(['comments', tenantId, record.type, record.id]);
  const from = dto.cursor === undefined ? undefined : openCursor(parts, dto.cursor, binding);
  const { pin, keys } = await parts.store.commentKeys(tenantId, record, from?.pin);
  const thread = threadOrder(keys);
  const begin = from === undefined ? 0 : thread.findIndex(({ position }) => position === from.last) + 1;
  const page = thread.slice(begin, begin + dto.limit);
  const last = begin + dto.limit < thread.length ? page.at(-1) : undefined;
  const next = last === undefined ? null : parts.sealed.seal(`${pin} ${last.position}`, binding);
  const items = await printed(parts, tenantId, record, page);
  const total = keys.filter(({ deleted }) => !deleted).length;
  return `{"items":[${items.join()}],"total":${total},"pin":${pin},"next":${JSON.stringify(next)}}`;
}

async function printed(parts: PageParts, tenantId: string, record: RecordName, page: readonly Threaded<CommentKey>[]): Promise<string[]> {
  const rows = await parts.store.eventsAt(
    tenantId,
    page.map(({ position }) => position),
  );
  const byPosition = new Map(rows.map((row) => [row.position, row]));
  return page.flatMap((key) => {
    const row = byPosition.get(key.position);
    return row ? [printThreaded({ tenantId, types: parts.types }, row, record, key)] : [];
  });
}

function openCursor({ sealed }: PageParts, cursor: string, binding: string): { pin: bigint; last: string } {
  const [pin, last] = sealed.open(cursor, binding)?.split(' ') ?? [];
  if (pin === undefined || last === undefined) throw malformed('cursor', 'must be the `next` of an earlier page of this very thread');
  return { pin: BigInt(pin), last };
}
