/** A tag given or taken. Times are microseconds since the Unix epoch. */
export interface KnownChange {
  readonly tag: string;
  readonly added: boolean;
  readonly occurredAt: bigint;
  readonly position: bigint;
  /** From which position it no longer counts; null: it does. */
  readonly retractedAt: bigint | null;
}

/** The tags that stand when an event happens, out of changes sorted by (occurred at, position). */
export function tagsAsOf(changes: readonly KnownChange[], at: { readonly occurredAt: bigint; readonly position: bigint }): string[] {
  const standing = new Set<string>();
  for (const { tag, added, occurredAt, position, retractedAt } of changes) {
    if (occurredAt > at.occurredAt) break;
    if (position >= at.position || (retractedAt !== null && retractedAt < at.position)) continue;
    if (added) standing.add(tag);
    else standing.delete(tag);
  }
  return [...standing];
}
