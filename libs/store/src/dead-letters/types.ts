import type { AwaitedVersion, DeadLetterReason } from '#libs/contracts';

/** Coordinates of the record in Kafka. */
export interface DeadLetterKey {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** A dead letter without its bytes. */
export interface DeadLetterSummary extends DeadLetterKey {
  readonly tenantId: string | null;
  readonly reason: DeadLetterReason;
  /** JSON Pointer or header name. */
  readonly schemaPath: string;
  readonly message: string;
  readonly recordTime: Date;
  readonly receivedAt: Date;
  readonly attempts: number;
  /** When the copy reached the dead-letter topic. */
  readonly relayedAt: Date | null;
  readonly redrivenAt: Date | null;
}

export interface StoredDeadLetter extends DeadLetterSummary {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Values are base64, lists stay lists. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

/** What a copy needs of a dead letter. */
export interface UnrelayedDeadLetter extends DeadLetterSummary {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Size of key and value where they are too large for a copy, and left out here; otherwise null. */
  readonly leftOutBytes: number | null;
}

/** Which dead letters: what is given is combined with and; nothing given is all of them. */
export interface DeadLetterSelection {
  readonly topic?: string;
  readonly topicId?: string;
  readonly partition?: number;
  readonly offset?: bigint;
  readonly reason?: DeadLetterReason;
  readonly tenantId?: string;
  /** Those that wait for this version of a type of the tenant. */
  readonly awaits?: AwaitedVersion;
  /** Also those that were re-driven already. */
  readonly redriven?: boolean;
  /** Received before. */
  readonly before?: Date;
}
