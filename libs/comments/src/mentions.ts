import type { EntityRef } from '#libs/contracts';

/** An event refers to 32 records at most, and one is what the comment is on. */
export const MOST_MENTIONS = 31;

/** Each user once, in the order of mention. */
export function distinctMentions(mentions: readonly string[]): string[] {
  return [...new Set(mentions)];
}

/** What a comment refers to: the record it is on, and every user it mentions. */
export function commentEntities(record: EntityRef, mentions: readonly string[]): readonly [EntityRef, ...EntityRef[]] {
  const mentioned = distinctMentions(mentions).map((id): EntityRef => ({ type: 'user', id, role: 'mentioned' }));
  return [{ type: record.type, id: record.id }, ...mentioned];
}
