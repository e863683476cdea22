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
  wholeNumber,
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
    QUERY_WRITE_WAIT_MS: variable(wholeNumber(100, 60_000), {
      description: 'How long a hand-made entry waits for its place in the log before the answer is 202, milliseconds',
      default: '5000',
    }),
    QUERY_READ_WAIT_MS: variable(wholeNumber(0, 60_000), {
      description: 'How long a read waits for the entry that its position token names before the answer is 409, milliseconds',
      default: '2000',
    }),
    STREAM_MAX_CLIENTS: variable(wholeNumber(0, 1_000_000), {
      description: 'Live streams that one instance serves; further ones are answered with 503',
      default: '5000',
    }),
    STREAM_HEARTBEAT_SECONDS: variable(wholeNumber(1, 3600), {
      description: 'A live stream without entries says so often that it lives, seconds',
      default: '15',
    }),
    STREAM_BUFFER_BYTES: variable(wholeNumber(16_384, 1_000_000_000), {
      description: 'What may wait for one client of a live stream before it has to catch up by itself, bytes',
      default: '1048576',
    }),
    STREAM_STALL_SECONDS: variable(wholeNumber(1, 3600), {
      description: 'A client of a live stream that takes nothing of what waits for it for so long is ended, seconds',
      default: '10',
    }),
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
