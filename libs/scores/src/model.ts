/** How a tenant scores its leads. */
export interface ScoreModel {
  /** Canonical type to the points an event of it brings on the day it happens; a negative number takes points away. Other types do not score. */
  readonly weights: Readonly<Record<string, number>>;
  /** After so many days an event is worth half of its points. */
  readonly halfLifeDays: number;
  /** In rising order of `from`, the first from 0. */
  readonly bands: readonly Band[];
  /** A score that moved by less, within its band, is not told. */
  readonly smallestChange: number;
}

/** Scores from `from` up to the next band. */
export interface Band {
  readonly name: string;
  readonly from: number;
}

export interface VersionedModel extends ScoreModel {
  /** 0: the default. */
  readonly version: number;
  /** Events after this position are scored by it. */
  readonly fromPosition: bigint;
}

export const HIGHEST_SCORE = 100;
/** What the engine says itself never scores: there would be no end to it. */
export const OWN_TYPE = 'lead.score_updated';

/** What holds where a tenant has said nothing. */
export const DEFAULT_MODEL: VersionedModel = {
  version: 0,
  fromPosition: -1n,
  weights: {
    'email.opened': 3,
    'email.clicked': 8,
    'email.bounced': -10,
    'email.received': 15,
    'call.completed': 12,
    'meeting.logged': 20,
    'deal.stage_changed': 10,
    'deal.won': 30,
    'deal.lost': -30,
    'lead.status_changed': 5,
    'lead.stage_changed': 10,
    'signal.detected': 12,
    'page.visited': 2,
    'form.submitted': 15,
    'ticket.created': 2,
    'ticket.replied': 1,
    'reservation.booked': 15,
    'reservation.cancelled': -10,
    'order.placed': 25,
  },
  halfLifeDays: 30,
  bands: [
    { name: 'cold', from: 0 },
    { name: 'warm', from: 30 },
    { name: 'hot', from: 60 },
  ],
  smallestChange: 5,
};

/** The model that scores what stands at a position. `models`: in any order; the newest that has begun holds. */
export function modelAt(models: readonly VersionedModel[], position: bigint): VersionedModel {
  return models
    .filter(({ fromPosition }) => fromPosition < position)
    .reduce((newest, model) => (model.version >= newest.version ? model : newest), DEFAULT_MODEL);
}

/** The band that a score lies in. */
export function bandOf({ bands }: ScoreModel, score: number): string {
  return (bands.findLast(({ from }) => score >= from) ?? bands[0])?.name ?? '';
}

/** The version as events name it. */
export const versionName = (version: number): string => `v${version}`;
