import { formatTime, type EntityRef } from '#libs/contracts';
import type { RuleEvent } from './rule.js';

/** Reads the values that a field has in an event: none where it is absent or null, several for lists. */
export type ReadValues = (event: RuleEvent) => readonly unknown[];

export function valuesOf(path: string): ReadValues {
  switch (path) {
    case 'type':
      return (event) => [event.type];
    case 'source':
      return (event) => [event.source];
    case 'actor.type':
      return (event) => [event.actor.type];
    case 'actor.id':
      return (event) => [event.actor.id];
    case 'occurredAt':
      return (event) => [formatTime(event.occurredAt)];
  }
  const [head = '', ...parts] = path.split('.');
  if (head === 'payload') return (event) => payloadValues(event.payload, parts);
  return parts[0] === 'tags'
    ? (event) => of(event, head).flatMap((entity) => event.tagsOf(entity))
    : (event) => of(event, head).map(({ id }) => id);
}

const of = ({ entities }: RuleEvent, type: string): EntityRef[] => entities.filter((entity) => entity.type === type);

function payloadValues(payload: RuleEvent['payload'], path: readonly string[]): readonly unknown[] {
  let at: unknown = payload;
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return [];
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  if (at === null || at === undefined) return [];
  return Array.isArray(at) ? at : [at];
}
