import { ACTOR_TYPES, eventDefinition, nearTypeNames, parseTime, TYPES_BY_TAB, type Tab } from '#libs/contracts';
import type { TimelineFilter } from '#libs/store';
import { malformed, meaningless } from '../http/problem-exception.js';
import type { TimelineFilterDto } from './timeline-request.dto.js';

/** The filter as the store takes it: names resolved to canonical types, times to microseconds. Ends the request with 400 or 422. */
export function toFilter(dto: TimelineFilterDto): TimelineFilter {
  const types = typesOf(dto.type, dto.tab);
  const from = timeOf('from', dto.from);
  const to = timeOf('to', dto.to);
  if (from !== undefined && to !== undefined && from > to) throw meaningless('empty-range', 'from', 'must not lie after to');
  return {
    ...(types && { types }),
    ...(dto.actor !== undefined && { actor: actorOf(dto.actor) }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(dto.includeRetracted && { includeRetracted: true }),
  };
}

/** Sorted and without repetition, so that one filter has one binding however it is written. */
function typesOf(names: readonly string[] | undefined, tab: Tab | undefined): string[] | undefined {
  const inTab: readonly string[] | undefined = tab === undefined || tab === 'all' ? undefined : TYPES_BY_TAB[tab];
  if (names === undefined) return inTab && [...inTab].sort();
  const named = [...new Set(names.map(canonical))].sort();
  return inTab ? named.filter((type) => inTab.includes(type)) : named;
}

function canonical(name: string): string {
  const definition = eventDefinition(name);
  if (definition) return definition.type;
  const near = nearTypeNames(name);
  throw meaningless('unknown-type', 'type', near.length === 0 ? 'is no known type' : `is no known type; near names: ${near.join(', ')}`);
}

function timeOf(field: string, text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  const time = parseTime(text);
  if (time === undefined) throw malformed(field, 'must be an RFC 3339 time with offset, such as 2026-01-05T14:30:00Z (write + as %2B)');
  return time;
}

/** `kind/id`, or an id alone for any kind. */
function actorOf(text: string): { type?: string; id: string } {
  const slash = text.indexOf('/');
  const type = ACTOR_TYPES.find((kind) => kind === text.slice(0, slash));
  return type && slash < text.length - 1 ? { type, id: text.slice(slash + 1) } : { id: text };
}
