type Groups<M> = Record<string, M[]>;
/** kafkajs': puts the message into its partition's list. */
type Share<M> = (groups: Groups<M>, message: M) => Groups<M>;

/**
 * The same messages, which kafkajs shares among the partitions in one pass. Its own way (`messages.reduce`) copies the list of a partition for each
 * message that joins it: half a million references for 1,000 messages of one partition, and a tenth of all that ingest left to the collector at
 * 5,000 events/s.
 */
export function sharedInOnePass<M>(messages: readonly M[]): M[] {
  return Object.defineProperty([...messages], 'reduce', { value: shareOut });
}

function shareOut<M>(this: readonly M[], share: Share<M>): Groups<M> {
  const groups: Groups<M> = {};
  for (const message of this) {
    for (const partition of Object.keys(share({}, message))) (groups[partition] ??= []).push(message);
  }
  return groups;
}
