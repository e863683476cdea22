export * from './may-delete.js';
export * from './mentions.js';
export * from './thread-order.js';
