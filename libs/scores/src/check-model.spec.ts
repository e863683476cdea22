import { canonicalModel, modelFaults } from './check-model.js';
import { bandOf, DEFAULT_MODEL, type ScoreModel } from './model.js';

const known = new Map([
  ['email.opened', 'email.opened'],
  ['email_opened', 'email.opened'],
  ['deal.won', 'deal.won'],
  ['lead.score_updated', 'lead.score_updated'],
]);
const scoring = (name: string) => known.get(name);
const model = (changes: Partial<ScoreModel> = {}): ScoreModel => ({ ...DEFAULT_MODEL, weights: { 'email.opened': 3 }, ...changes });

describe('a score model', () => {
  it('has no faults where everything can be evaluated', () => {
    expect(modelFaults(model(), scoring)).toEqual([]);
    expect(modelFaults(DEFAULT_MODEL, (name) => name)).toEqual([]);
  });

  it.each<[Partial<ScoreModel>, string]>([
    [{ weights: { 'email.opend': 3 } }, 'weights.email.opend'],
    [{ weights: { 'email.opened': Number.NaN } }, 'weights.email.opened'],
    [{ weights: { 'email.opened': 1001 } }, 'weights.email.opened'],
    [{ weights: { 'email.opened': 1, email_opened: 2 } }, 'weights.email_opened'],
    [{ weights: { 'lead.score_updated': 1 } }, 'weights.lead.score_updated'],
    [{ weights: Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`custom.t${n}`, 1])) }, 'weights'],
    [{ bands: [] }, 'bands'],
    [{ bands: [{ name: 'warm', from: 1 }] }, 'bands.0.from'],
    [{ bands: [...DEFAULT_MODEL.bands, { name: 'hotter', from: 60 }] }, 'bands.3.from'],
    [{ bands: [...DEFAULT_MODEL.bands, { name: 'hot', from: 90 }] }, 'bands.3.name'],
    [{ bands: [...DEFAULT_MODEL.bands, { name: 'never', from: 101 }] }, 'bands.3.from'],
    [{ halfLifeDays: 0 }, 'halfLifeDays'],
    [{ halfLifeDays: Infinity }, 'halfLifeDays'],
    [{ smallestChange: 0 }, 'smallestChange'],
  ])('with %j is refused at %s', (changes, field) =>
    expect(modelFaults(model(changes), scoring).map((fault) => fault.field)).toEqual([field]),
  );

  it('is kept under canonical names', () => {
    expect(canonicalModel(model({ weights: { email_opened: 3, 'deal.won': 1 } }), scoring).weights).toEqual({
      'deal.won': 1,
      'email.opened': 3,
    });
  });

  it('puts each score into the highest band that it reaches', () => {
    expect([0, 29, 30, 59, 60, 100].map((score) => bandOf(DEFAULT_MODEL, score))).toEqual(['cold', 'cold', 'warm', 'warm', 'hot', 'hot']);
  });
});
