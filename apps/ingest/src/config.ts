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
  wholeNumber,
  type ConfigCheck,
  type ConfigOf,
} from '#libs/service';

/** What one ingest process does: append, copy out what was appended and refused, fold counts. */
export const INGEST_ROLES = ['append', 'relay', 'fold'] as const;
export type IngestRole = (typeof INGEST_ROLES)[number];

const rolesCheck: ConfigCheck = ({ INGEST_ROLES: given }) =>
  typeof given === 'string' && rolesOf(given).length > 0 && rolesOf(given).every(isRole)
    ? []
    : [{ variable: 'INGEST_ROLES', message: `must be a comma list of ${INGEST_ROLES.join(', ')}` }];

/** Everything the ingest app reads from its environment. */
export const ingestConfig = defineConfig(
  'ingest',
  {
    ...kafkaVariables,
    KAFKA_GROUP: variable(text(), { description: 'Consumer group that the ingest instances share', default: 'annals-ingest' }),
    KAFKA_TOPIC_PREFIX: topicPrefix(),
    KAFKA_SESSION_TIMEOUT_MS: variable(wholeNumber(1_000, 300_000), {
      description: 'After so long without a sign of life another instance takes over',
      default: '30000',
    }),
    KAFKA_CLIENT_ID: variable(text(), { description: 'How ingest names itself to Kafka', default: 'annals-ingest' }),
    ...databaseVariables('INGEST', 6),
    INGEST_ROLES: variable(text(), {
      description: 'What this process does, of append, relay, fold; relay and fold elect one instance each',
      default: INGEST_ROLES.join(','),
    }),
    DEAD_LETTER_RETENTION_DAYS: variable(wholeNumber(1, 36_500), { description: 'How long dead letters are kept', default: '90' }),
    ...healthPortVariables(3001),
    ...logVariables,
  },
  kafkaCheck,
  databaseCheck('INGEST'),
  rolesCheck,
);

export type IngestConfig = ConfigOf<typeof ingestConfig>;

export function rolesOf(list: string): string[] {
  return list
    .split(',')
    .map((role) => role.trim())
    .filter((role) => role !== '');
}

function isRole(role: string): role is IngestRole {
  return (INGEST_ROLES as readonly string[]).includes(role);
}
