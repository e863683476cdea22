import type { EventRecord } from '#libs/contracts';

/** Puts a record on its topic. */
export interface PublishOptions {
  /** Aborted before the record was handed to Kafka: it never is. */
  readonly signal?: AbortSignal;
  /** Called right before the record is handed over: from then on Kafka may have it whatever `publish` says. */
  readonly onSend?: () => void;
}

export interface Publisher {
  /** Resolves when all in-sync replicas have it; rejects when that is not known. */
  publish(record: EventRecord, options?: PublishOptions): Promise<void>;
  close(): Promise<void>;
}
