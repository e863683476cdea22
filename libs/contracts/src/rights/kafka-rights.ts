import {
  APPENDED_TOPIC,
  COMMENT_TOPIC,
  CONTROL_TOPIC,
  CUSTOM_TOPIC,
  DEAD_LETTER_TOPIC,
  LEAD_SCORE_TOPIC,
  NOTIFICATIONS_TOPIC,
} from '../topics.js';

export type KafkaOperation = 'Read' | 'Write' | 'Describe' | 'Create';

/** What a user must be allowed to do on a Kafka that allows nothing by itself. */
export interface KafkaRight {
  /** The user, by the name that the documents give it. */
  readonly user: string;
  readonly kind: 'topic' | 'group';
  /** Without `KAFKA_TOPIC_PREFIX`. */
  readonly names: readonly string[];
  /** The names are beginnings of names. */
  readonly prefixed?: true;
  readonly operations: readonly KafkaOperation[];
  readonly reason: string;
}

const read = ['Read', 'Describe'] as const;
const write = ['Write', 'Describe'] as const;

function topics(user: string, names: readonly string[], operations: readonly KafkaOperation[], reason: string): KafkaRight {
  return { user, kind: 'topic', names, operations, reason };
}

function topicsBeginning(user: string, names: readonly string[], operations: readonly KafkaOperation[], reason: string): KafkaRight {
  return { user, kind: 'topic', names, prefixed: true, operations, reason };
}

/** Every right an app or a command of annals needs of Kafka, and none that it does not. Documents and tests are made from it. */
export const KAFKA_RIGHTS: readonly KafkaRight[] = [
  topicsBeginning('annals-ingest', ['crm.'], read, 'reading events'),
  topics('annals-ingest', [CONTROL_TOPIC], read, 'reading retractions and erasures'),
  { user: 'annals-ingest', kind: 'group', names: ['annals-ingest'], operations: read, reason: 'sharing the work' },
  topics('annals-ingest', [APPENDED_TOPIC, DEAD_LETTER_TOPIC], write, 'copies of what was appended and refused'),
  topics('annals-query', ['crm.engagement', COMMENT_TOPIC, CUSTOM_TOPIC, CONTROL_TOPIC], write, 'entries by hand, comments, retractions'),
  topics('annals-automation', [NOTIFICATIONS_TOPIC, LEAD_SCORE_TOPIC, 'crm.lead'], write, 'notifications, the score feed, scores'),
  topics('annals-email-webhook', ['crm.email', CONTROL_TOPIC], write, 'callbacks; taking off what joined its timelines'),
  topics('annals-enrichment-worker', ['crm.enrichment'], write, 'what was found'),
  topics(
    'annals-sequence-engine',
    ['crm.nurture', 'crm.email', 'crm.playbook', 'crm.engagement', 'crm.contact'],
    write,
    'steps, mails, plays',
  ),
  topicsBeginning('annals-topics', ['crm.', 'annals.'], ['Create', 'Describe'], '`annals topics create`'),
  topicsBeginning('annals-offsets', ['crm.', 'annals.'], ['Describe'], '`annals offsets list` and `reset`'),
];
