import type { EventRecord } from '#libs/contracts';

/** Puts a record on its topic. */
export interface Publisher {
  /** Resolves when all in-sync replicas have it; rejects when that is not known. */
  publish(record: EventRecord): Promise<void>;
  close(): Promise<void>;
}
