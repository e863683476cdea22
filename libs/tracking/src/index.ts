export * from './tracking-links.js';
