import {
  databaseCheck,
  databaseVariables,
  defineConfig,
  flag,
  healthPortVariables,
  kafkaCheck,
  kafkaVariables,
  logVariables,
  optionalVariable,
  text,
  topicPrefix,
  variable,
  wholeNumber,
  type ConfigOf,
} from '#libs/service';

/** Everything the enrichment worker reads from its environment. */
export const enrichmentConfig = defineConfig(
  'enrichment-worker',
  {
    ENRICHMENT_DATASET: optionalVariable(text(), {
      description: 'JSON file of what is known already: an object of facts per company domain',
      example: '/etc/annals/companies.json',
    }),
    ENRICHMENT_WEBSITES: variable(flag(), { description: 'Read the page metadata of the company’s own website', default: 'true' }),
    ENRICHMENT_TIMEOUT_MS: variable(wholeNumber(100, 60_000), { description: 'A provider that takes longer has failed', default: '5000' }),
    ENRICHMENT_PER_SECOND: variable(wholeNumber(1, 10_000), { description: 'Questions to one provider a second, at most', default: '20' }),
    ENRICHMENT_ATTEMPTS: variable(wholeNumber(1, 100), { description: 'Attempts before a request is parked', default: '6' }),
    ENRICHMENT_RETENTION_DAYS: variable(wholeNumber(1, 36_500), { description: 'How long settled requests are kept', default: '365' }),
    ...kafkaVariables,
    KAFKA_CLIENT_ID: variable(text(), { description: 'How the worker names itself to Kafka', default: 'annals-enrichment-worker' }),
    KAFKA_TOPIC_PREFIX: topicPrefix(),
    ...databaseVariables('ENRICHMENT', 4),
    ...healthPortVariables(3003),
    ...logVariables,
  },
  kafkaCheck,
  databaseCheck('ENRICHMENT'),
);

export type EnrichmentConfig = ConfigOf<typeof enrichmentConfig>;
