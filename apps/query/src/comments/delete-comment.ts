import { mayDelete } from '#libs/comments';
import type { Actor, EntityRef } from '#libs/contracts';
import type { EventRow } from '#libs/store';
import { isUuid } from '../auth/claims.js';
import type { Principal } from '../auth/principal.js';
import { entitiesToName } from '../entries/entities-to-name.js';
import { actorOf, writeEntry, type EntryDraft, type WriteParts, type Written } from '../entries/write-entry.js';
import { forbidden, notFound } from '../http/problem-exception.js';
import { payloadOf } from '../items/read-event.js';

interface Wish {
  readonly id: string;
  readonly key: string | undefined;
  readonly reason: string | undefined;
}

/** The tombstone; the first one where the comment was deleted before. Ends the request with 403 or 404. */
export async function deleteComment(
  parts: WriteParts,
  principal: Principal,
  { id, key, reason }: Wish,
): Promise<{ readonly outcome: Written; readonly entities: readonly EntityRef[] }> {
  const comment = await findComment(parts, principal.tenantId, id);
  if (comment === null) throw notFound();
  if (!mayDelete(authorOf(comment), { actor: actorOf(principal), scopes: principal.scopes })) {
    throw forbidden('a comment is deleted by its author, or with the scope admin');
  }
  const entities = entitiesToName(comment);
  const earlier = comment.retractedAtPosition === null ? null : await parts.store.retractionOf(principal.tenantId, comment.id);
  if (earlier !== null) return { outcome: { outcome: 'written', row: earlier, repeated: true }, entities };
  const commentId = commentIdOf(comment) ?? id;
  const draft: EntryDraft = {
    type: 'comment.deleted',
    entities,
    payload: reason === undefined ? { commentId } : { commentId, reason },
  };
  return { outcome: await writeEntry(parts, principal, { key, draft: () => draft }), entities };
}

/** By the id that its producer gave it, else by that of its item. */
async function findComment({ store }: WriteParts, tenantId: string, id: string): Promise<EventRow | null> {
  const named = await store.commentById(tenantId, id);
  if (named !== null || !isUuid(id)) return named;
  const item = await store.eventById({ tenantId, audience: 'staff' }, id.toLowerCase());
  return item?.type === 'comment.added' ? item : null;
}

/** Absent after erasure. */
function commentIdOf(comment: EventRow): string | undefined {
  const said = payloadOf(comment)?.['commentId'];
  return typeof said === 'string' ? said : undefined;
}

const authorOf = (row: EventRow): Actor => ({ type: row.actorType as Actor['type'], id: row.actorId });
