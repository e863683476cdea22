import {
  databaseCheck,
  databaseVariables,
  defineConfig,
  flag,
  healthPortVariables,
  kafkaCheck,
  kafkaVariables,
  logVariables,
  text,
  topicPrefix,
  variable,
  type ConfigOf,
} from '#libs/service';

/** Everything the automation app reads from its environment. */
export const automationConfig = defineConfig(
  'automation',
  {
    ...kafkaVariables,
    KAFKA_CLIENT_ID: variable(text(), { description: 'How automation names itself to Kafka', default: 'annals-automation' }),
    KAFKA_TOPIC_PREFIX: topicPrefix(),
    SCORE_FEED_BACKFILL: variable(flag(), { description: 'Whether annals.lead-score is told of backfilled events too', default: 'false' }),
    ...databaseVariables('AUTOMATION', 5),
    ...healthPortVariables(3002),
    ...logVariables,
  },
  kafkaCheck,
  databaseCheck('AUTOMATION'),
);

export type AutomationConfig = ConfigOf<typeof automationConfig>;
