import { createRequire } from 'node:module';
import type { Connection } from './cluster-internals.js';

interface Connecting extends Connection {
  isConnected(): boolean;
  connect: (this: Connecting) => Promise<boolean>;
}

const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/connection') as { readonly prototype: Connecting };
const { connect } = prototype;

/** Of an answer's size, with which it begins. */
const SIZE_BYTES = 4;

/**
 * Has every connection of kafkajs begin with nothing. It keeps what had come of an answer when the connection broke and takes it for the
 * beginning of the first answer on the next one: from then on no question is answered there, however often it connects again.
 */
prototype.connect = function (this: Connecting) {
  if (!this.isConnected()) {
    this.chunks = [];
    this.bytesBuffered = 0;
    this.bytesNeeded = SIZE_BYTES;
  }
  return connect.call(this);
};
