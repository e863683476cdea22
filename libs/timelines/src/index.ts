export * from './entities.js';
export * from './fold-timelines.js';
export * from './month-of.js';
export * from './timeline-rows.js';
