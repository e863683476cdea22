import fc from 'fast-check';
import { DEFAULT_MODEL, modelAt, type VersionedModel } from './model.js';
import { addPoints, NO_POINTS, scoreOf, topFactors, type Scored } from './points.js';
import { needsPast, scoreLead, type LeadState, type PastEvent, type ScoreUpdate, type Touch } from './score-lead.js';

const DAY = 86_400_000_000n;
const NOON = 1_767_960_000_000_000n;
const at = (days: number): bigint => NOON + BigInt(days) * DAY;
const event = (position: number, type: string, days = 0): Touch => ({
  kind: 'event',
  position: BigInt(position),
  scored: { type, occurredAt: at(days) },
});
const models = [DEFAULT_MODEL];
const scores = (touches: readonly Touch[], state: LeadState | null = null) => scoreLead({ state, touches, models });

describe('the points of a lead', () => {
  it('halve within the half-life, measured to the newest event', () => {
    const first = addPoints(NO_POINTS, { type: 'meeting.logged', occurredAt: at(0) }, DEFAULT_MODEL);
    expect(scoreOf(first)).toBe(20);
    expect(scoreOf(addPoints(first, { type: 'page.visited', occurredAt: at(30) }, DEFAULT_MODEL))).toBe(12);
  });

  it('of a late event come in decayed', () => {
    const newest = addPoints(NO_POINTS, { type: 'page.visited', occurredAt: at(30) }, DEFAULT_MODEL);
    expect(scoreOf(addPoints(newest, { type: 'meeting.logged', occurredAt: at(0) }, DEFAULT_MODEL))).toBe(12);
  });

  it('lie between 0 and 100', () => {
    const points = (byType: Record<string, number>) => scoreOf({ newest: NOON, byType });
    expect([points({ a: 400 }), points({ a: -5, b: 2 }), points({ a: 2.5 }), points({})]).toEqual([100, 0, 3, 0]);
  });

  it('name the types that brought most, never one that took points away', () => {
    const byType = { 'page.visited': 4, 'email.opened': 9, 'email.bounced': -20, 'call.completed': 4, 'deal.won': 1 };
    expect(topFactors({ newest: NOON, byType })).toEqual(['email.opened', 'call.completed', 'page.visited']);
  });
});

describe('a lead', () => {
  it('is told when its band changes or the score moved enough, and not before', () => {
    const { updates, state } = scores([
      event(1, 'page.visited'),
      event(2, 'email.opened'),
      event(3, 'page.visited'),
      event(4, 'order.placed'),
    ]);
    expect(updates).toEqual([
      {
        ...{ position: 2n, modelVersion: 0, previousScore: 0, newScore: 5, previousBand: 'cold', newBand: 'cold' },
        topFactors: ['email.opened', 'page.visited'],
      },
      {
        ...{ position: 4n, modelVersion: 0, previousScore: 5, newScore: 32, previousBand: 'cold', newBand: 'warm' },
        topFactors: ['order.placed', 'page.visited', 'email.opened'],
      },
    ]);
    expect(state).toMatchObject({ score: 32, band: 'warm', publishedScore: 32, position: 4n });
  });

  it('counts nothing twice that it has counted', () => {
    const touches = [event(1, 'order.placed'), event(2, 'order.placed')];
    const { state } = scores(touches);
    expect(scores(touches, state)).toEqual({ state, updates: [] });
  });

  it('loses what is taken back', () => {
    const { state } = scores([event(1, 'order.placed'), event(2, 'email.opened')]);
    const past: PastEvent[] = [
      { type: 'order.placed', occurredAt: at(0), position: 1n, from: 1n, until: 3n },
      { type: 'email.opened', occurredAt: at(0), position: 2n, from: 2n, until: null },
    ];
    const touches: Touch[] = [{ kind: 'recount', position: 3n }];
    expect(needsPast({ state, touches, models })).toBe(true);
    const { updates } = scoreLead({ state, touches, models, past });
    expect(updates).toMatchObject([{ previousScore: 25, newScore: 3, topFactors: ['email.opened'] }]);
  });

  it('that another one takes over is told to have come to 0, and has no score any more', () => {
    const { state } = scores([event(1, 'order.placed'), event(2, 'page.visited')]);
    const { state: ended, updates } = scores([{ kind: 'ended', position: 3n }], state);
    expect(updates).toEqual([
      {
        ...{ position: 3n, modelVersion: 0, previousScore: 25, newScore: 0, previousBand: 'cold', newBand: 'cold' },
        topFactors: [],
      },
    ]);
    expect(ended).toMatchObject({ score: null, band: null, publishedScore: 0, publishedBand: 'cold' });
    expect(scores([{ kind: 'ended', position: 4n }], ended).updates).toEqual([]);
  });

  it('that comes to have another’s events counts each of them once, through whichever source they come', () => {
    const past = [
      { type: 'order.placed', occurredAt: at(0), position: 1n, from: 5n, until: null },
      { type: 'order.placed', occurredAt: at(0), position: 1n, from: 1n, until: null },
      { type: 'email.opened', occurredAt: at(0), position: 2n, from: 2n, until: 4n },
      { type: 'email.opened', occurredAt: at(0), position: 3n, from: 5n, until: null },
    ];
    const { updates } = scoreLead({ state: null, touches: [{ kind: 'recount', position: 5n }], models, past });
    expect(updates).toMatchObject([{ newScore: 28, topFactors: ['order.placed', 'email.opened'] }]);
  });

  it('is counted anew by a new model with its next event, and by the old one before', () => {
    const next: VersionedModel = { ...DEFAULT_MODEL, version: 1, fromPosition: 2n, weights: { 'page.visited': 40 } };
    const touches = [event(1, 'order.placed'), event(2, 'page.visited'), event(3, 'page.visited')];
    const past = touches.map((touch): PastEvent => ({
      ...(touch as { scored: Scored }).scored,
      position: touch.position,
      from: touch.position,
      until: null,
    }));
    const { updates } = scoreLead({ state: null, touches, models: [next], past });
    expect(updates).toMatchObject([
      { newScore: 25, modelVersion: 0 },
      { newScore: 80, newBand: 'hot', modelVersion: 1, topFactors: ['page.visited'] },
    ]);
  });
});

const types = Object.keys(DEFAULT_MODEL.weights);
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('event' as const),
      type: fc.constantFrom(...types),
      days: fc.integer({ min: -400, max: 400 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('take back' as const), pick: fc.nat(60) }) },
);
const laterModel = fc.record({
  halfLifeDays: fc.constantFrom(1, 14, 90),
  from: fc.nat(40),
  weights: fc.dictionary(fc.constantFrom(...types), fc.integer({ min: -50, max: 50 }), { maxKeys: 6 }),
});

interface History {
  readonly touches: Touch[];
  readonly past: PastEvent[];
}

/** A lead's log: what happens stands at positions 1, 2, 3 … */
function historyOf(steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[]): History {
  const past: PastEvent[] = [];
  const touches = steps.map((one, index): Touch => {
    const position = BigInt(index + 1);
    if (one.does === 'event') {
      const scored = { type: one.type, occurredAt: at(one.days) };
      past.push({ ...scored, position, from: position, until: null });
      return { kind: 'event', position, scored };
    }
    const target = past[one.pick % (past.length || 1)];
    if (target?.until === null) past[past.indexOf(target)] = { ...target, until: position };
    return { kind: 'recount', position };
  });
  return { touches, past };
}

function inBatches({ touches, past }: History, models: readonly VersionedModel[], cuts: readonly number[]) {
  let state: LeadState | null = null;
  const updates: ScoreUpdate[] = [];
  const edges = [...new Set([0, ...cuts.map((cut) => cut % (touches.length + 1)), touches.length])].sort((a, b) => a - b);
  for (const [index, edge] of edges.entries()) {
    const batch = touches.slice(edges[index - 1] ?? 0, edge);
    // a batch knows the past up to its own end only
    const known = past
      .filter(({ from }) => from <= BigInt(edge))
      .map((one) => ({ ...one, until: one.until !== null && one.until > BigInt(edge) ? null : one.until }));
    const work = { state, touches: batch, models };
    const done = scoreLead({ ...work, ...(needsPast(work) && { past: known }) });
    state = done.state;
    updates.push(...done.updates);
  }
  return { state, updates };
}

describe('scores follow from the log alone:', () => {
  const logs = fc.array(step, { minLength: 1, maxLength: 40 });
  const modelsOf = (later: readonly { halfLifeDays: number; from: number; weights: Record<string, number> }[]): VersionedModel[] =>
    later.map(({ from, ...model }, index) => ({ ...DEFAULT_MODEL, ...model, version: index + 1, fromPosition: BigInt(from) }));

  it('however the log is cut into batches, the same updates are made, to the last digit', () => {
    fc.assert(
      fc.property(logs, fc.array(laterModel, { maxLength: 2 }), fc.array(fc.nat()), (steps, later, cuts) => {
        const history = historyOf(steps);
        const inOne = inBatches(history, modelsOf(later), []);
        expect(inBatches(history, modelsOf(later), cuts)).toEqual(inOne);
      }),
    );
  });

  it('after every touch the score is what the events that count then sum up to', () => {
    fc.assert(
      fc.property(logs, fc.array(laterModel, { maxLength: 2 }), (steps, later) => {
        const history = historyOf(steps);
        const { state } = inBatches(history, modelsOf(later), []);
        const last = BigInt(history.touches.length);
        const model = modelAt(modelsOf(later), last);
        const counted = history.past.filter(({ until }) => until === null);
        const weighed = counted.filter(({ type }) => model.weights[type] !== undefined);
        const newest = weighed.reduce((max, { occurredAt }) => (occurredAt > max ? occurredAt : max), weighed[0]?.occurredAt ?? 0n);
        const sum = weighed.reduce(
          (total, { type, occurredAt }) =>
            total + (model.weights[type] ?? 0) / 2 ** (Number(newest - occurredAt) / Number(DAY) / model.halfLifeDays),
          0,
        );
        expect(state?.score).toBe(Math.min(100, Math.max(0, Math.round(Number(sum.toFixed(6))))));
      }),
    );
  });

  it('events may come in any order', () => {
    const events = fc.array(fc.tuple(fc.constantFrom(...types), fc.integer({ min: -400, max: 400 })), { maxLength: 30 });
    fc.assert(
      fc.property(events, fc.infiniteStream(fc.nat()), (drawn, keys) => {
        const scored = drawn.map(([type, days]) => ({ type, occurredAt: at(days) }));
        const shuffled = scored.map((one) => ({ one, key: keys.next().value as number })).sort((a, b) => a.key - b.key);
        const fold = (all: readonly Scored[]) => all.reduce((points, one) => addPoints(points, one, DEFAULT_MODEL), NO_POINTS);
        const [a, b] = [fold(scored), fold(shuffled.map(({ one }) => one))];
        expect(scoreOf(b)).toBe(scoreOf(a));
        expect(topFactors(b)).toEqual(topFactors(a));
        expect(b.newest).toBe(a.newest);
      }),
    );
  });
});
