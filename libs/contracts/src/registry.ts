import type { EventDefinition, PayloadIn } from './event-definition.js';
import { EVENT_DEFINITIONS } from './events/index.js';
import { TABS, type Tab } from './tabs.js';

type BuiltIn = (typeof EVENT_DEFINITIONS)[number];
/** The canonical name of a built-in type. */
export type EventType = BuiltIn['type'];
type DefinitionOf<T extends EventType> = Extract<BuiltIn, { readonly type: T }>;
/** The payload of a built-in type, of any of its versions. */
export type EventPayload<T extends EventType> = PayloadIn<DefinitionOf<T>['versions']>;

export const EVENT_TYPES: readonly EventType[] = EVENT_DEFINITIONS.map((definition) => definition.type);

/**
 * Finds the definition behind a name. A tenant's own types come from an implementation that also knows `custom.*`;
 * it must answer from memory, because decoding asks it for every event.
 */
export interface TypeRegistry {
  /** By canonical name or alias, lower-cased, else exact. `undefined`: no such type for that tenant. */
  resolve(name: string, tenantId: string): EventDefinition | undefined;
}

const byName = new Map<string, EventDefinition>(
  EVENT_DEFINITIONS.flatMap((definition) =>
    [definition.type, ...definition.aliases].map((name): [string, EventDefinition] => [name, definition]),
  ),
);

/** A built-in type by canonical name or any alias. */
export function eventDefinition<T extends EventType>(type: T): DefinitionOf<T>;
export function eventDefinition(name: string): EventDefinition | undefined;
export function eventDefinition(name: string): EventDefinition | undefined {
  return byName.get(name) ?? byName.get(name.toLowerCase());
}

/** The types of the catalogue, the same for every tenant. */
export const builtInTypes: TypeRegistry = { resolve: (name) => eventDefinition(name) };

/** Every accepted name, canonical ones and aliases. */
export const EVENT_TYPE_NAMES: readonly string[] = [...byName.keys()];

/** The canonical types shown in a tab; `all` is every type. */
export const TYPES_BY_TAB = Object.fromEntries(
  TABS.map((tab) => [tab, typesWhere((definition) => tab === 'all' || definition.tabs.includes(tab))]),
) as Readonly<Record<Tab, readonly EventType[]>>;

/** Tabs of a type besides `all`; none for a type that is not built in. */
export function tabsOf(type: string): readonly Exclude<Tab, 'all'>[] {
  return eventDefinition(type)?.tabs ?? [];
}

export function iconOf(type: string): string {
  return eventDefinition(type)?.icon ?? 'circle';
}

/** The types a customer may see of its own timeline. */
export const CUSTOMER_TYPES = typesWhere((definition) => definition.visibility === 'customer');

function typesWhere(holds: (definition: EventDefinition) => boolean): readonly EventType[] {
  return EVENT_DEFINITIONS.filter(holds).map((definition) => definition.type);
}
