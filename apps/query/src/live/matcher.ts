import { parseTime } from '#libs/contracts';
import type { EventRow, TimelineFilter } from '#libs/store';

/** Whether the list would show the row under this filter; the same rules as `annals.read_stream` in SQL. */
export type Matcher = (row: EventRow) => boolean;

export function matcherOf(filter: TimelineFilter): Matcher {
  const tests = [filter.includeRetracted ? undefined : stands, ofTypes(filter), byActor(filter), within(filter)];
  const wanted = tests.filter((test) => test !== undefined);
  return (row) => wanted.every((test) => test(row));
}

/** The same for filters that let the same pass. */
export function filterKey({ types, actor, from, to, includeRetracted }: TimelineFilter): string {
  return JSON.stringify([types, actor?.type, actor?.id, from?.toString(), to?.toString(), includeRetracted === true]);
}

const stands: Matcher = (row) => row.retractedAtPosition === null;

function ofTypes({ types }: TimelineFilter): Matcher | undefined {
  if (!types) return undefined;
  const wanted = new Set(types);
  return (row) => wanted.has(row.type);
}

function byActor({ actor }: TimelineFilter): Matcher | undefined {
  if (!actor) return undefined;
  return (row) => row.actorId === actor.id && (actor.type === undefined || row.actorType === actor.type);
}

function within({ from, to }: TimelineFilter): Matcher | undefined {
  if (from === undefined && to === undefined) return undefined;
  return (row) => {
    const at = parseTime(row.occurredAt);
    return at !== undefined && (from === undefined || at >= from) && (to === undefined || at < to);
  };
}
