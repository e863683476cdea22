export { canonicalModel, modelFaults, type ModelFault, type ScoringType } from './check-model.js';
export { leadSources, type ContactLink, type ContactMerge, type LeadSource } from './lead-sources.js';
export * from './model.js';
export { type Points, type Scored } from './points.js';
export * from './score-lead.js';
