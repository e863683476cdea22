import type { Actor } from '#libs/contracts';

/** Who may delete what others wrote. */
export const MODERATOR_SCOPE = 'admin';

export interface Deleter {
  readonly actor: Actor;
  readonly scopes: readonly string[];
}

/** A comment is deleted by who wrote it, or by somebody with the scope `admin`. */
export function mayDelete(author: Actor, { actor, scopes }: Deleter): boolean {
  return scopes.includes(MODERATOR_SCOPE) || (author.type === actor.type && author.id === actor.id);
}
