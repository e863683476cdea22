import { ACTOR_TYPES, parseTime, type Tab } from '#libs/contracts';
import type { TimelineFilter } from '#libs/store';
import { malformed, meaningless } from '../http/problem-exception.js';
import { definitionOf, type TypeScope } from '../items/type-scope.js';
import type { TimelineFilterDto } from './timeline-request.dto.js';

/** The filter as the store takes it: names resolved to canonical types, times to microseconds. Ends the request with 400 or 422. */
export function toFilter(dto: TimelineFilterDto, scope: TypeScope): TimelineFilter {
  const types = typesOf(dto.type, dto.tab, scope);
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
function typesOf(names: readonly string[] | undefined, tab: Tab | undefined, scope: TypeScope): string[] | undefined {
  const inTab = tab === undefined || tab === 'all' ? undefined : scope.types.inTab(scope.tenantId, tab);
  if (names === undefined) return inTab && [...inTab].sort();
  const named = [...new Set(names.map((name) => canonicalType(name, scope)))].sort();
  return inTab ? named.filter((type) => inTab.includes(type)) : named;
}

/** The canonical type behind a name, built-in or the tenant's own; else 422 with names that are near. */
export function canonicalType(name: string, scope: TypeScope): string {
  const definition = definitionOf(scope, name);
  if (definition) return definition.type;
  const near = scope.types.near(name, scope.tenantId);
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
