import { bandOf, modelAt, type VersionedModel } from './model.js';
import { addPoints, NO_POINTS, scoreOf, topFactors, type Points, type Scored } from './points.js';

/** What is kept of a lead. */
export interface LeadState {
  /** Everything that touches the lead up to here is counted. */
  readonly position: bigint;
  /** Of the model the points are made by. */
  readonly modelVersion: number;
  readonly points: Points;
  readonly score: number;
  readonly band: string;
  /** What was told last. */
  readonly publishedScore: number;
  readonly publishedBand: string;
}

/** Something at a position of the log that may change the score of a lead: an event, or what makes earlier ones count anew. */
export type Touch = { readonly position: bigint } & (
  | { readonly kind: 'event'; readonly scored: Scored }
  /** An event was taken back, or a contact turned out to be the lead. */
  | { readonly kind: 'recount' }
);

/** An event of the lead's past: it counts at the positions `from` ≤ p < `until`. */
export interface PastEvent extends Scored {
  readonly from: bigint;
  /** Null: it still counts. */
  readonly until: bigint | null;
}

/** A score that others should hear of. It follows from the log up to `position` and the models alone. */
export interface ScoreUpdate {
  readonly position: bigint;
  readonly modelVersion: number;
  readonly previousScore: number;
  readonly newScore: number;
  readonly previousBand: string;
  readonly newBand: string;
  readonly topFactors: readonly string[];
}

export interface LeadWork {
  readonly state: LeadState | null;
  /** In position order; those that the state has counted are passed over. */
  readonly touches: readonly Touch[];
  readonly models: readonly VersionedModel[];
  /** Everything that ever touched the lead up to the last touch, in any order. Needed where `needsPast` says so. */
  readonly past?: readonly PastEvent[];
}

/** Whether the points have to be counted anew from the lead's whole past: another model, or something was taken back or found out. */
export function needsPast({ state, touches, models }: Omit<LeadWork, 'past'>): boolean {
  return touches.some(({ position, kind }) => kind === 'recount' || modelAt(models, position).version !== (state?.modelVersion ?? 0));
}

/**
 * Brings a lead up to its last touch. An update is made where the band changed, or the score moved by the model's smallest change since the last
 * one: the log alone decides, not how it was cut into batches, so whoever does this again makes the same updates.
 */
export function scoreLead({ state, touches, models, past = [] }: LeadWork): { state: LeadState | null; updates: ScoreUpdate[] } {
  const updates: ScoreUpdate[] = [];
  let reached = state;
  for (const touch of touches) {
    if (reached !== null && touch.position <= reached.position) continue;
    const model = modelAt(models, touch.position);
    const points = pointsAfter(reached, touch, model, past);
    const next = moved(reached, touch.position, points, model);
    const update = updateBetween(next, model);
    if (update) updates.push(update);
    reached = update ? { ...next, publishedScore: update.newScore, publishedBand: update.newBand } : next;
  }
  return { state: reached, updates };
}

function pointsAfter(state: LeadState | null, touch: Touch, model: VersionedModel, past: readonly PastEvent[]): Points {
  if (touch.kind === 'event' && (state?.modelVersion ?? 0) === model.version) {
    return addPoints(state?.points ?? NO_POINTS, touch.scored, model);
  }
  const { position } = touch;
  const counted = past.filter(({ from, until }) => from <= position && (until === null || until > position));
  // one order for all, so that the sums are the same to the last digit
  const ordered = counted.toSorted((a, b) => Number(a.from - b.from) || Number(a.occurredAt - b.occurredAt) || (a.type < b.type ? -1 : 1));
  return ordered.reduce((points, event) => addPoints(points, event, model), NO_POINTS);
}

function moved(state: LeadState | null, position: bigint, points: Points, model: VersionedModel): LeadState {
  const score = scoreOf(points);
  return {
    position,
    modelVersion: model.version,
    points,
    score,
    band: bandOf(model, score),
    publishedScore: state?.publishedScore ?? 0,
    publishedBand: state?.publishedBand ?? bandOf(model, 0),
  };
}

function updateBetween(next: LeadState, model: VersionedModel): ScoreUpdate | undefined {
  if (next.band === next.publishedBand && Math.abs(next.score - next.publishedScore) < model.smallestChange) return undefined;
  return {
    position: next.position,
    modelVersion: model.version,
    previousScore: next.publishedScore,
    newScore: next.score,
    previousBand: next.publishedBand,
    newBand: next.band,
    topFactors: topFactors(next.points),
  };
}
