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
  wholeNumber,
  type ConfigOf,
} from '#libs/service';
import { JOB_NAMES } from './job-names.js';

const days = (description: string, usual: string) => variable(wholeNumber(1, 36_500), { description, default: usual });

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
    NOTIFICATION_READ_RETENTION_DAYS: days('How long notifications are kept after they were read', '90'),
    NOTIFICATION_RETENTION_DAYS: days('How long notifications are kept, read or not', '365'),
    EFFECT_RETENTION_DAYS: days('How long the ledger keeps what rules did, counted from the append of the event', '365'),
    ...databaseVariables('AUTOMATION', 5),
    ...healthPortVariables(3002),
    ...logVariables,
  },
  kafkaCheck,
  databaseCheck('AUTOMATION'),
);

export type AutomationConfig = ConfigOf<typeof automationConfig>;
