/** What a publish that failed says of the next try. */
export interface PublishFailure {
  /** `smaller`: refused as it is, a part of it may be taken. `never`: the topic refuses everything. `later`: nobody knows, try again. */
  readonly outlook: 'smaller' | 'never' | 'later';
  /** Whether it is about one topic; otherwise about the whole cluster. */
  readonly ofTopic: boolean;
  /** Kafka's name of the fault, where it gave one. Never holds data. */
  readonly reason?: string;
}

const SMALLER = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'INVALID_TIMESTAMP']);
const NEVER = new Set(['INVALID_TOPIC_EXCEPTION', 'TOPIC_AUTHORIZATION_FAILED', 'POLICY_VIOLATION']);
const NEVER_ANYWHERE = new Set(['CLUSTER_AUTHORIZATION_FAILED', 'SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM']);

/** Reads an error of `BusProducer`: the broker's own answer stands somewhere down its causes. */
export function publishFailure(error: unknown): PublishFailure {
  if (!(error instanceof Error)) return { outlook: 'later', ofTopic: false };
  const { type, name, cause } = error as Error & { readonly type?: unknown };
  if (typeof type === 'string') return byAnswer(type);
  if (name === 'KafkaJSSASLAuthenticationError') return byAnswer('SASL_AUTHENTICATION_FAILED');
  return cause === error ? { outlook: 'later', ofTopic: false } : publishFailure(cause);
}

function byAnswer(reason: string): PublishFailure {
  if (NEVER_ANYWHERE.has(reason)) return { outlook: 'never', ofTopic: false, reason };
  return { outlook: SMALLER.has(reason) ? 'smaller' : NEVER.has(reason) ? 'never' : 'later', ofTopic: true, reason };
}
