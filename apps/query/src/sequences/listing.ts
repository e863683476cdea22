import type { SealedText } from '#libs/service';
import { malformed } from '../http/problem-exception.js';

/** A page of things that are listed by id: one more is asked for than is shown, to know whether there is a next page. */
export class Listing {
  readonly after: string | undefined;

  /** `binding`: what the cursor is good for. */
  constructor(
    private readonly sealed: SealedText,
    private readonly binding: string,
    private readonly limit: number,
    cursor: string | undefined,
  ) {
    this.after = cursor === undefined ? undefined : sealed.open(cursor, binding);
    if (cursor !== undefined && this.after === undefined) throw malformed('cursor', 'must be the `next` of an earlier page');
  }

  get ask(): number {
    return this.limit + 1;
  }

  page<S extends { readonly id: string }, A>(found: readonly S[], print: (one: S) => A): { items: A[]; next: string | null } {
    const shown = found.slice(0, this.limit);
    const last = found.length > this.limit ? shown.at(-1) : undefined;
    return { items: shown.map(print), next: last ? this.sealed.seal(last.id, this.binding) : null };
  }
}
