import {
  databaseCheck,
  databaseVariables,
  defineConfig,
  jwtCheck,
  jwtVariables,
  kafkaCheck,
  kafkaVariables,
  logVariables,
  optionalVariable,
  peerVariables,
  portNumber,
  text,
  topicPrefix,
  variable,
  type ConfigOf,
} from '#libs/service';

/** Everything the query app reads from its environment. */
export const queryConfig = defineConfig(
  'query',
  {
    HOST: variable(text(), { description: 'Address that HTTP is served on', default: '0.0.0.0' }),
    PORT: variable(portNumber(), { description: 'Port that HTTP is served on; 0 takes a free one', default: '3000' }),
    ...databaseVariables('QUERY', 10),
    ...databaseVariables('APP', 5),
    ...kafkaVariables,
    KAFKA_CLIENT_ID: variable(text(), { description: 'How the query app names itself to Kafka', default: 'annals-query' }),
    KAFKA_TOPIC_PREFIX: topicPrefix(),
    ...jwtVariables,
    CURSOR_SECRET: optionalVariable(text(), {
      description: 'Key of the page cursors, the same on all instances; by default derived from JWT_SECRET or the database address',
      secret: true,
    }),
    ...peerVariables,
    ...logVariables,
  },
  kafkaCheck,
  databaseCheck('QUERY'),
  databaseCheck('APP'),
  jwtCheck,
);

export type QueryConfig = ConfigOf<typeof queryConfig>;
