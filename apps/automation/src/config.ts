import {
  commaList,
  databaseCheck,
  databaseVariables,
  defineConfig,
  flag,
  healthPortVariables,
  kafkaCheck,
  kafkaVariables,
  logVariables,
  oneOf,
  text,
  topicPrefix,
  variable,
  type ConfigOf,
} from '#libs/service';
import { JOB_NAMES } from './job-names.js';

/** Everything the automation app reads from its environment. */
export const automationConfig = defineConfig(
  'automation',
  {
    ...kafkaVariables,
    KAFKA_CLIENT_ID: variable(text(), { description: 'How automation names itself to Kafka', default: 'annals-automation' }),
    KAFKA_TOPIC_PREFIX: topicPrefix(),
    AUTOMATION_JOBS: variable(commaList(oneOf(JOB_NAMES)), {
      description: 'What this instance does, comma separated; each job is done by one instance of all',
      default: JOB_NAMES.join(','),
    }),
    SCORE_FEED_BACKFILL: variable(flag(), { description: 'Whether annals.lead-score is told of backfilled events too', default: 'false' }),
    ...databaseVariables('AUTOMATION', 5),
    ...healthPortVariables(3002),
    ...logVariables,
  },
  kafkaCheck,
  databaseCheck('AUTOMATION'),
);

export type AutomationConfig = ConfigOf<typeof automationConfig>;
