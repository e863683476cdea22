import type { Actor, EntityRef } from '#libs/contracts';

export const OPERATORS = ['eq', 'ne', 'in', 'gt', 'gte', 'lt', 'lte', 'contains', 'startsWith', 'includes', 'exists'] as const;
export type Operator = (typeof OPERATORS)[number];
export type Scalar = string | number | boolean;

/** One question about one field. A field may have several values (tags, lists, references): it holds if it does for one of them. */
export interface Comparison {
  readonly field: string;
  readonly op: Operator;
  readonly value: Scalar | readonly Scalar[];
}
export type Condition =
  { readonly all: readonly Condition[] } | { readonly any: readonly Condition[] } | { readonly not: Condition } | Comparison;

/** Whom to tell: a user by id, or those whom the event names (`actor`, `mentions`, `payload.<field>`). */
export type Recipient = { readonly user: string } | { readonly userFrom: string };
export interface Action {
  readonly notify: Recipient;
}

/** A rule that has been checked: canonical type names, nothing in it that could not be evaluated. */
export interface Rule {
  readonly name: string;
  /** Canonical types, each once, sorted. */
  readonly on: readonly string[];
  readonly if?: Condition;
  readonly then: readonly Action[];
  /** Events whose append lies further behind what happened are left alone. */
  readonly maxAgeHours?: number;
}

/** What a rule looks at. Times are microseconds since the Unix epoch. */
export interface RuleEvent {
  readonly type: string;
  readonly source: string;
  readonly actor: Pick<Actor, 'type' | 'id'>;
  readonly occurredAt: bigint;
  readonly appendedAt: bigint;
  readonly ingestMode: 'live' | 'backfill';
  /** Primary first. */
  readonly entities: readonly EntityRef[];
  /** `null` once erased. */
  readonly payload: Readonly<Record<string, unknown>> | null;
  /** It had been retracted before it came: its retraction stands before it in the log. One that comes later changes nothing. */
  readonly takenBack: boolean;
  /** Tags that the record had when the event happened. */
  tagsOf(entity: EntityRef): readonly string[];
}

/** What becomes of a rule that matches; only `fired` tells anybody. `held: backfill`: history that was brought in later starts nothing. */
export type MatchOutcome = 'fired' | 'held: backfill' | 'too old' | 'retracted';

export type Decision =
  | { readonly outcome: 'quiet' }
  /** `recipients`: all of them, each once, in the order they are named. */
  | { readonly outcome: MatchOutcome; readonly recipients: readonly string[] };
