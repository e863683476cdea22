export { entriesOf, foldRollups, type Dimension, type RollupRow } from './fold-rollups.js';
export { dayOf, daysBetween, isDay } from './days.js';
