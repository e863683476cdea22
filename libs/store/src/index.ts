export type * from './append/types.js';
export type * from './read/types.js';
