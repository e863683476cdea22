import { bandOf, modelAt, type VersionedModel } from './model.js';
import { addPoints, NO_POINTS, scoreOf, topFactors, type Points, type Scored } from './points.js';

/** What is kept of a lead. */
export interface LeadState {
  /** Everything that touches the lead up to here is counted. */
  readonly position: bigint;
  /** Of the model the points are made by. */
  readonly modelVersion: number;
  readonly points: Points;
  /** Null: it has none of its own, see `ended` of `Touch`. */
  readonly score: number | null;
  readonly band: string | null;
  /** What was told last. */
  readonly publishedScore: number;
  readonly publishedBand: string;
}

/** Something at a position of the log that may change the score of a lead: an event, or what makes earlier ones count anew. */
export type Touch = { readonly position: bigint } & (
  | { readonly kind: 'event'; readonly scored: Scored }
  /** An event was taken back, or it became another matter whose events count. */
  | { readonly kind: 'recount' }
  /** Its contact was merged into that of another lead: all that counted for it counts for that one. */
  | { readonly kind: 'ended' }
);

/** An event of the lead's past: it counts at the positions `from` ≤ p < `until`. The same one may do so in several parts of the log. */
export interface PastEvent extends Scored {
  /** Its own place in the log. */
  readonly position: bigint;
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
  return touches.some(({ position, kind }) => kind !== 'event' || modelAt(models, position).version !== (state?.modelVersion ?? 0));
}

/**
 * Brings a lead up to its last touch. An update is made where the band changed, or the score moved by the model's smallest change since the last
 * one: the log alone decides, not how it was cut into batches, so whoever does this again makes the same updates. A lead that ends is told
 * to have come to 0, however little that was.
 */
export function scoreLead({ state, touches, models, past = [] }: LeadWork): { state: LeadState | null; updates: ScoreUpdate[] } {
  const updates: ScoreUpdate[] = [];
  let reached = state;
  for (const touch of touches) {
    if (reached !== null && touch.position <= reached.position) continue;
    const model = modelAt(models, touch.position);
    const points = pointsAfter(reached, touch, model, past);
    const next = moved(reached, touch, points, model);
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
  if (touch.kind === 'ended') return NO_POINTS;
  const { position } = touch;
  const counted = past.filter(({ from, until }) => from <= position && (until === null || until > position));
  const once = new Map(counted.map((event) => [event.position, event]));
  // one order for all, so that the sums are the same to the last digit
  const ordered = [...once.values()].sort((a, b) => Number(a.position - b.position));
  return ordered.reduce((points, event) => addPoints(points, event, model), NO_POINTS);
}

function moved(state: LeadState | null, { kind, position }: Touch, points: Points, model: VersionedModel): LeadState {
  const score = kind === 'ended' ? null : scoreOf(points);
  return {
    position,
    modelVersion: model.version,
    points,
    score,
    band: score === null ? null : bandOf(model, score),
    publishedScore: state?.publishedScore ?? 0,
    publishedBand: state?.publishedBand ?? bandOf(model, 0),
  };
}

function updateBetween(next: LeadState, model: VersionedModel): ScoreUpdate | undefined {
  const smallest = next.score === null ? 1 : model.smallestChange;
  const newScore = next.score ?? 0;
  const newBand = next.band ?? bandOf(model, 0);
  if (newBand === next.publishedBand && Math.abs(newScore - next.publishedScore) < smallest) return undefined;
  return {
    position: next.position,
    modelVersion: model.version,
    previousScore: next.publishedScore,
    newScore,
    previousBand: next.publishedBand,
    newBand,
    topFactors: topFactors(next.points),
  };
}
