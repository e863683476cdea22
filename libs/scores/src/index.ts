export { canonicalModel, modelFaults, type ModelFault, type ScoringType } from './check-model.js';
export * from './model.js';
export { type Points, type Scored } from './points.js';
export * from './score-lead.js';
