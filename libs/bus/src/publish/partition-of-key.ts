import type { ICustomPartitioner } from 'kafkajs';
import { Partitioners } from '../connect/kafkajs.js';

const KEYS_REMEMBERED = 10_000;

/**
 * The hash of Kafka's Java clients, so that all producers agree where a key belongs. kafkajs computes it with
 * arbitrary-precision integers (3 µs a key), and our keys are tenants, which come again and again: they are remembered.
 */
export const partitionOfKey: ICustomPartitioner = () => {
  const compute = Partitioners.DefaultPartitioner();
  const known = new Map<string, number>();
  return (args) => {
    const { message, partitionMetadata } = args;
    if (typeof message.key !== 'string' || typeof message.partition === 'number') return compute(args);
    const name = `${partitionMetadata.length}/${message.key}`;
    const before = known.get(name);
    if (before !== undefined) return before;
    const partition = compute(args);
    if (known.size >= KEYS_REMEMBERED) known.clear();
    known.set(name, partition);
    return partition;
  };
};
