import {
  databaseCheck,
  databaseVariables,
  defineConfig,
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
    ...databaseVariables('AUTOMATION', 5),
    ...healthPortVariables(3002),
    ...logVariables,
  },
  kafkaCheck,
  databaseCheck('AUTOMATION'),
);

export type AutomationConfig = ConfigOf<typeof automationConfig>;
