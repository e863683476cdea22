import type { EventDefinition } from '../event-definition.js';
import type { EntityType } from '../entity-types.js';
import type { Tab } from '../tabs.js';

/** `custom.` and one more name of small letters, digits and underscores. */
export const CUSTOM_TYPE = /^custom\.[a-z][a-z0-9_]{0,62}$/;
/** Names of types as producers write them, in lower case. */
export const TYPE_NAME = /^(?=.{1,100}$)[a-z][a-z0-9_]*(\.[a-z0-9_]+){0,3}$/;
/** Before the name of every type that is a tenant's own. */
export const CUSTOM_PREFIX = 'custom.';

export const MOST_TYPES = 200;
export const MOST_VERSIONS = 50;

/** A field by its name, or any place by its JSON Pointer. */
export type Place = string;

/** One step of an upcaster. None of them fails: what is not there is left alone, and what stands at the new place stays. */
export type UpcastOp =
  /** The new name stands where the old one stood. */
  | { readonly rename: { readonly from: Place; readonly to: string } }
  /** Objects on the way to `to` are made. */
  | { readonly move: { readonly from: Place; readonly to: Place } }
  | { readonly default: { readonly field: Place; readonly value: unknown } }
  /** By the old value as text; a value that is not in the map stays, or becomes `otherwise`. */
  | { readonly mapValue: { readonly field: Place; readonly map: Readonly<Record<string, unknown>>; readonly otherwise?: unknown } }
  | { readonly drop: { readonly field: Place } };

/** How a payload of version `from` becomes one of version `to` = `from` + 1 whenever it is read. */
export interface Upcaster {
  readonly from: number;
  readonly to: number;
  readonly ops: readonly UpcastOp[];
}

/** One version of a tenant's own type, as data: what `POST /api/v1/types` takes, with everything that was left out filled in. */
export interface TypeDefinition {
  readonly type: string;
  /** What has happened when such an event is made. */
  readonly description: string;
  /** JSON Schema 2020-12 of the payload. */
  readonly schema: ObjectSchema;
  /** The sentence, in the template language of `sentence/template.ts`. */
  readonly summary: string;
  readonly icon: string;
  readonly tabs: readonly Exclude<Tab, 'all'>[];
  readonly primary: readonly EntityType[];
  /** Names under which events of it already come. */
  readonly aliases: readonly string[];
  readonly groupBy: readonly string[];
  readonly scoreFeed: boolean;
  /** Points an event is worth to the scoring engine; null: what the engine's weights say. */
  readonly scoreWeight: number | null;
  /** Fields that are personal data of the record the event is about. */
  readonly pii: readonly string[];
  readonly visibility: 'staff' | 'customer';
  /** What a customer may read of the payload, where the type is for customers. */
  readonly customerFields: readonly string[];
  readonly deprecated: boolean;
  /** Payloads that must stay readable. */
  readonly examples: readonly Readonly<Record<string, unknown>>[];
  /** At most one: from the version before. */
  readonly upcasters: readonly Upcaster[];
}

/** What an event of a type is worth to the scoring engine; null: nothing is said, or it does not feed scores. */
export const weightOf = ({ scoreFeed, scoreWeight }: Pick<TypeDefinition, 'scoreFeed' | 'scoreWeight'>): number | null =>
  scoreFeed ? scoreWeight : null;

export interface ObjectSchema {
  readonly type: 'object';
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

/** A version as it is stored; never changed. */
export interface RegisteredType {
  readonly version: number;
  readonly definition: TypeDefinition;
  readonly createdBy: string;
  /** RFC 3339. */
  readonly createdAt: string;
}

/** A tenant's own type with all its versions. Where versions differ (icon, tabs, visibility …) the newest counts. */
export interface CustomDefinition extends EventDefinition {
  readonly newest: number;
  readonly deprecated: boolean;
  readonly scoreWeight: number | null;
  readonly customerFields: readonly string[];
  /** Oldest first. */
  readonly registered: readonly RegisteredType[];
}

/** What is wrong with a definition, and where: a JSON Pointer into the request's body. */
export interface DefinitionFault {
  readonly pointer: string;
  readonly message: string;
}
