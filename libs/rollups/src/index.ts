export { entriesOf, foldRollups, type Dimension, type RollupRow } from './fold-rollups.js';
export { dayOf, daysBetween, isDay, startOfPeriod, type Granularity } from './days.js';
