import { HIGHEST_SCORE, OWN_TYPE, type Band, type ScoreModel } from './model.js';

export interface ModelFault {
  /** Dotted path into the model. */
  readonly field: string;
  readonly message: string;
}

/** Canonical name of a type that may score; undefined: no such type, or one that does not feed scores. */
export type ScoringType = (name: string) => string | undefined;

const MOST_POINTS = 1000;
const MOST_WEIGHTS = 200;

/**
 * What is wrong with a model, so that one which cannot be evaluated is refused when it is saved; none: it can be, whatever comes. Names of
 * types may be aliases: `canonicalModel` resolves them.
 */
export function modelFaults(model: ScoreModel, scoring: ScoringType): ModelFault[] {
  return [...weightFaults(model.weights, scoring), ...bandFaults(model.bands), ...rangeFaults(model)];
}

/** The model with canonical names, ready to be kept. It must have no faults. */
export function canonicalModel({ weights, halfLifeDays, bands, smallestChange }: ScoreModel, scoring: ScoringType): ScoreModel {
  const named = Object.entries(weights).map(([name, points]): [string, number] => [scoring(name) ?? name, points]);
  return {
    weights: Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1))),
    halfLifeDays,
    bands: bands.map(({ name, from }) => ({ name, from })),
    smallestChange,
  };
}

function weightFaults(weights: ScoreModel['weights'], scoring: ScoringType): ModelFault[] {
  const names = Object.keys(weights);
  if (names.length > MOST_WEIGHTS) return [{ field: 'weights', message: `must not name more than ${MOST_WEIGHTS} types` }];
  const canonical = names.map((name) => scoring(name));
  return names.flatMap((name, index) => {
    const field = `weights.${name}`;
    const type = canonical[index];
    if (type === OWN_TYPE) return [{ field, message: 'is what the engine itself says, and never scores' }];
    if (type === undefined) return [{ field, message: 'is no type that feeds scores' }];
    if (canonical.indexOf(type) !== index) return [{ field, message: `is ${type}, which is named twice` }];
    return within(field, weights[name], -MOST_POINTS, MOST_POINTS);
  });
}

function bandFaults(bands: readonly Band[]): ModelFault[] {
  if (bands.length === 0 || bands.length > 20) return [{ field: 'bands', message: 'must hold 1 to 20 bands' }];
  if (bands[0]?.from !== 0) return [{ field: 'bands.0.from', message: 'must be 0: every score lies in a band' }];
  return bands.flatMap(({ name, from }, index) => {
    const before = bands[index - 1];
    if (before && from <= before.from) return [{ field: `bands.${index}.from`, message: 'must be more than that of the band before' }];
    if (bands.findIndex((other) => other.name === name) !== index) return [{ field: `bands.${index}.name`, message: 'stands there twice' }];
    return within(`bands.${index}.from`, from, 0, HIGHEST_SCORE);
  });
}

function rangeFaults({ halfLifeDays, smallestChange }: ScoreModel): ModelFault[] {
  return [...within('halfLifeDays', halfLifeDays, 1 / 24, 3650), ...within('smallestChange', smallestChange, 1, HIGHEST_SCORE)];
}

function within(field: string, value: number | undefined, least: number, most: number): ModelFault[] {
  if (typeof value === 'number' && value >= least && value <= most) return [];
  return [{ field, message: `must be a number from ${Number(least.toFixed(3))} to ${most}` }];
}
