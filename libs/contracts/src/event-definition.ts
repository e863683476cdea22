import type { Static, TObject } from '@sinclair/typebox';
import type { EntityType } from './entity-types.js';
import type { Actor, ActorType, EntityRef, EventEffect } from './event.js';
import type { Tab } from './tabs.js';
import type { InputTopic } from './topics.js';

/** `customer`: staff and the customer it is about. `staff_only`: can never be opened to customers. */
export type Visibility = 'customer' | 'staff' | 'staff_only';

/** A further reference that events of the type usually carry. Others are accepted too. */
export interface ReferenceRule {
  readonly type: EntityType;
  readonly role?: string;
  readonly expected?: true;
}

/** How a reader may fold repeated events into one line. */
export interface Grouping {
  readonly fields: readonly string[];
  /** Events whose value differs here are never folded together. */
  readonly apart?: readonly string[];
  /** Length of the window from the first event, minutes. */
  readonly windowMinutes?: number;
  /** Where `fields` are absent: a gap of so many minutes ends the group. */
  readonly idleMinutes?: number;
}

/** A schema version of the payload. Never changed once events of it are stored; a better sentence is a new version. */
export interface EventVersion<S extends TObject = TObject> {
  readonly payload: S;
  /** The sentence, in the template language of `sentence/template.ts`. */
  readonly summary: string;
}

export interface EventExample<P = object> {
  /** Primary first. */
  readonly entities: readonly [EntityRef, ...EntityRef[]];
  readonly actor: Actor;
  readonly payload: P;
  readonly summary?: string;
}

/** Everything annals knows of one kind of event. */
export interface EventDefinition {
  /** Canonical name, `<entity>.<past_tense>`. Never renamed. */
  readonly type: string;
  /** Every other name by which the type may be written, for ever. */
  readonly aliases: readonly string[];
  /** The name seed 002's endpoints answer with. */
  readonly activityName: string;
  readonly topic: InputTopic;
  /** What has happened when such an event is made. */
  readonly when: string;
  /** The entity types the event can be primarily about. */
  readonly primary: readonly EntityType[];
  /** What the event may be about where nobody knows yet which of `primary` it is: a provider knows a message, not whose it was. */
  readonly standIn?: readonly EntityType[];
  readonly references: readonly ReferenceRule[];
  readonly versions: Versions;
  readonly tabs: readonly Exclude<Tab, 'all'>[];
  readonly icon: string;
  /** `<entityType>/{field}`, `{primary}`, or `null` for none. */
  readonly deepLink: string | null;
  /** Whether the lead-scoring engine is told. */
  readonly scoreFeed: boolean;
  readonly visibility: Visibility;
  /** Kinds of actor expected. With `system` among them a missing actor reads system/system. */
  readonly defaultActor: readonly ActorType[];
  readonly groupBy: Grouping | null;
  readonly examples: readonly EventExample[];
  /** What the event does to rows that other events made. Its payload has passed the schema. */
  effect?(payload: object): EventEffect;
  /** How an event of an older version reads today; absent: as it was written. Never changes what is stored. */
  readToday?(version: number, payload: Readonly<Record<string, unknown>>): ReadToday;
}

export interface ReadToday {
  readonly version: number;
  readonly payload: Readonly<Record<string, unknown>>;
}
export type Versions = Readonly<Record<number, EventVersion>>;
/** The payload of any version, as a type. */
export type PayloadIn<V extends Versions> = V[keyof V] extends EventVersion<infer S> ? Static<S> : never;

interface Typed<N extends string, V extends Versions> extends EventDefinition {
  readonly type: N;
  readonly versions: V;
  readonly examples: readonly EventExample<PayloadIn<V>>[];
  effect?(payload: PayloadIn<V>): EventEffect;
}

/** Holds the examples and the effect against the payload's schema; keeps name and payload as types. */
export function defineEvent<const N extends string, const V extends Versions>(
  definition: Typed<N, V>,
): EventDefinition & { readonly type: N; readonly versions: V } {
  return definition;
}
