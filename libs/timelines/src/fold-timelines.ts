import type { ActivityEvent } from '#libs/contracts';
import { timelineRowsOf, type TimelineRow } from './timeline-rows.js';

/** An event as it stands in one tenant's log. */
export interface LogEntry {
  readonly position: bigint;
  /** The item's id: lower-case UUID. */
  readonly id: string;
  readonly event: ActivityEvent;
}

export interface FoldedRow extends TimelineRow {
  readonly position: bigint;
  /** Position from which the row no longer shows; null: it shows. */
  readonly retractedAtPosition: bigint | null;
}

export interface FoldedMerge {
  readonly from: string;
  readonly into: string;
  readonly mergedAtPosition: bigint;
  readonly unmergedAtPosition: bigint | null;
}

/** Everything that is projected from a tenant's log. */
export interface FoldedTimelines {
  /** Timeline name to rows, newest first by (occurred at, position). */
  readonly timelines: ReadonlyMap<string, readonly FoldedRow[]>;
  readonly merges: readonly FoldedMerge[];
}

/**
 * The projections of one tenant as a plain fold: what the store must show, computed the slow way.
 * An effect holds whether its target stands before or after it: it begins at the later of the two, and the first one wins.
 */
export function foldTimelines(log: readonly LogEntry[]): FoldedTimelines {
  const timelines = new Map<string, FoldedRow[]>();
  const takers = log.filter((entry) => entry.event.effect !== null);
  for (const entry of log) {
    const retractedAtPosition = takenBackAt(entry, takers, retracts);
    for (const row of timelineRowsOf(entry.event)) {
      const rows = timelines.get(row.timeline) ?? [];
      rows.push({ ...row, position: entry.position, retractedAtPosition });
      timelines.set(row.timeline, rows);
    }
  }
  for (const rows of timelines.values()) rows.sort(newestFirst);
  return { timelines, merges: takers.flatMap((entry) => mergeOf(entry, takers)) };
}

type Takes = (by: LogEntry, target: LogEntry) => boolean;

function takenBackAt(target: LogEntry, log: readonly LogEntry[], takes: Takes): bigint | null {
  const first = log.filter((by) => takes(by, target)).reduce<bigint | null>((min, { position }) => smaller(min, position), null);
  if (first === null) return null;
  return first > target.position ? first : target.position;
}

/** An activity.retracted hides its target, a comment.deleted every comment of that id. */
function retracts(by: LogEntry, target: LogEntry): boolean {
  const { effect } = by.event;
  if (effect?.kind === 'retract-event') return names(effect.targetEventId, by, target);
  const opened = target.event.effect;
  return effect?.kind === 'delete-comment' && opened?.kind === 'open-comment' && opened.commentId === effect.commentId;
}

function unmerges(by: LogEntry, target: LogEntry): boolean {
  return by.event.effect?.kind === 'unmerge-contact' && names(by.event.effect.mergeEventId, by, target);
}

/** An event is named by its item id, or by the producer's id if both came from the same source. */
function names(eventId: string, by: LogEntry, target: LogEntry): boolean {
  return eventId.toLowerCase() === target.id || (by.event.source === target.event.source && eventId === target.event.sourceId);
}

function mergeOf(entry: LogEntry, log: readonly LogEntry[]): FoldedMerge[] {
  const { effect } = entry.event;
  if (effect?.kind !== 'merge-contact') return [];
  return [
    {
      from: `contact/${effect.fromContactId}`,
      into: `contact/${effect.intoContactId}`,
      mergedAtPosition: entry.position,
      unmergedAtPosition: takenBackAt(entry, log, unmerges),
    },
  ];
}

const smaller = (min: bigint | null, value: bigint): bigint => (min === null || value < min ? value : min);

function newestFirst(a: FoldedRow, b: FoldedRow): number {
  if (a.occurredAt !== b.occurredAt) return a.occurredAt < b.occurredAt ? 1 : -1;
  return a.position < b.position ? 1 : -1;
}
