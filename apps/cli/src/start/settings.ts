import {
  defineConfig,
  jwtVariables,
  kafkaCheck,
  kafkaVariables,
  optionalVariable,
  text,
  urlText,
  variable,
  wholeNumber,
  type ConfigCheck,
  type ConfigOf,
} from '#libs/service';

export const DEFAULT_KAFKA_PORT = 9092;

const oneSourceOfKeys: ConfigCheck = (values) =>
  values['JWKS_URL'] !== undefined && values['JWT_SECRET'] !== undefined
    ? [{ variable: 'JWKS_URL', message: 'and JWT_SECRET exclude each other' }]
    : [];

/** Where the local stack keeps its data; every command that speaks to it reads it. */
export const dataDirVariable = variable(text(), { description: 'Folder of the local stack: data, secret, logs', default: './.data' });

/** Given to all apps, so that their topics and those that are made here have the same names. */
export const topicPrefixVariable = variable(text(), { description: 'What stands before the name of every topic', default: '' });

/** What `npm start` reads from its environment. */
export const startConfig = defineConfig(
  'start',
  {
    PORT: variable(wholeNumber(1, 65535), { description: 'Port that HTTP is served on', default: '3000' }),
    WEBHOOK_PORT: optionalVariable(wholeNumber(1, 65535), { description: 'Port of the email webhook', example: '3100' }),
    DATA_DIR: dataDirVariable,
    ...kafkaVariables,
    KAFKA_BROKERS: optionalVariable(kafkaVariables.KAFKA_BROKERS.schema, {
      description: 'Kafka to use instead of a local one',
      example: '127.0.0.1:9092',
    }),
    KAFKA_TOPIC_PREFIX: topicPrefixVariable,
    KAFKA_PORT: optionalVariable(wholeNumber(1, 65535), { description: 'Port of the local Kafka', example: String(DEFAULT_KAFKA_PORT) }),
    DATABASE_URL: optionalVariable(urlText('postgres', 'postgresql'), {
      description: 'PostgreSQL to use instead of a local one, as the owner of the database',
      example: 'postgres://user:password@127.0.0.1:5432/annals',
      secret: true,
    }),
    ...jwtVariables,
  },
  kafkaCheck,
  oneSourceOfKeys,
);

export type StartConfig = ConfigOf<typeof startConfig>;

export interface StartOptions {
  readonly demo: boolean;
  readonly docker: boolean;
}
