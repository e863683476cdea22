export { settleLeftover, writeClaim, type Leftover, type OnProgress } from './claim-folder.js';
export { detectTools, NO_KAFKA_POSSIBLE, whyNoJvmKafka, type Tools } from './detect-tools.js';
export { endWithThisProcess } from './end-with-this-process.js';
export { guardProcess } from './guard-process.js';
export { identifyProcess, type ProcessIdentity } from './identify-process.js';
export { freePort } from './ports.js';
export { startKafka, type KafkaOptions, type RunningKafka } from './start-kafka.js';
export { runningPostgresUrl, startPostgres, type PostgresOptions, type RunningPostgres } from './start-postgres.js';
export { send, stopProcess, type StopStep } from './stop-process.js';
