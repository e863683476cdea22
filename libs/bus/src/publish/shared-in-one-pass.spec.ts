import { createRequire } from 'node:module';
import fc from 'fast-check';
import { sharedInOnePass } from './shared-in-one-pass.js';

interface Message {
  readonly partition: number;
  readonly value: string;
}
interface Sharing {
  readonly topic: string;
  readonly partitionMetadata: readonly object[];
  readonly messages: readonly Message[];
  partitioner(of: { readonly message: Message }): number;
}
/** kafkajs' own. */
const groupMessagesPerPartition = createRequire(import.meta.url)('kafkajs/src/producer/groupMessagesPerPartition') as (
  sharing: Sharing,
) => Record<string, Message[]>;

const shared = (messages: readonly Message[]) =>
  groupMessagesPerPartition({ topic: 't', partitionMetadata: [{}], messages, partitioner: ({ message }) => message.partition });

test('kafkajs shares messages among partitions as it did, in their order', () => {
  const message = fc.record({ partition: fc.integer({ min: 0, max: 5 }), value: fc.string() });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 50 }), (messages) => {
      expect(shared(sharedInOnePass(messages))).toEqual(shared(messages));
    }),
  );
});

test('a list is not copied for every message that joins it', () => {
  const messages = Array.from({ length: 300_000 }, (_, i) => ({ partition: 0, value: String(i) }));
  expect(shared(sharedInOnePass(messages))['0']).toHaveLength(messages.length);
});
