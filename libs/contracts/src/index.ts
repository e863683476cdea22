export * from './dead-letter-reasons.js';
export * from './event.js';
