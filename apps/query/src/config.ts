import {
  databaseCheck,
  databaseVariables,
  defineConfig,
  jwtCheck,
  jwtVariables,
  logVariables,
  optionalVariable,
  peerVariables,
  portNumber,
  text,
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
    ...jwtVariables,
    CURSOR_SECRET: optionalVariable(text(), {
      description: 'Key of the page cursors, the same on all instances; by default derived from JWT_SECRET or the database address',
      secret: true,
    }),
    ...peerVariables,
    ...logVariables,
  },
  databaseCheck('QUERY'),
  jwtCheck,
);

export type QueryConfig = ConfigOf<typeof queryConfig>;
