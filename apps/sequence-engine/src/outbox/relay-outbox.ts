import type { EventRecord } from '#libs/contracts';
import { forgetRecords, takeRecords, type Database, type LedJob } from '#libs/store';

const AT_ONCE = 1_000;

export interface Publisher {
  /** Resolves when all in-sync replicas have them, in order within the topic. Topic names without prefix. */
  publish(topic: string, records: readonly EventRecord[]): Promise<void>;
}

/** Publishes what was decided, in order, at least once; ids that never change make it once in the log. */
export function outboxRelay(database: Database, publisher: Publisher): LedJob {
  return {
    name: 'sequence-outbox',
    idleMs: 500,
    async act() {
      const taken = await takeRecords(database, AT_ONCE);
      const topics = [...new Set(taken.map(({ record }) => record.topic))];
      await Promise.all(
        topics.map((topic) =>
          publisher.publish(
            topic,
            taken.flatMap(({ record }) => (record.topic === topic ? [record] : [])),
          ),
        ),
      );
      if (taken.length > 0) await forgetRecords(database, taken);
      return taken.length === AT_ONCE;
    },
  };
}
