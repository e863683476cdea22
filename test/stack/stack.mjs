import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LOCAL_STACK = new URL('../../dist/libs/local-stack/src/index.js', import.meta.url);
/** The newest image that the container class of Testcontainers can start; it carries Kafka 4.1. */
const KAFKA_IMAGE = process.env.ANNALS_TEST_KAFKA_IMAGE ?? 'confluentinc/cp-kafka:8.1.0';

/** What was started, newest last. */
const stops = [];

/**
 * Starts one Kafka and one PostgreSQL for the whole run and puts their addresses into the environment of the specs:
 * `ANNALS_TEST_KAFKA_BROKERS`, `ANNALS_TEST_DATABASE_URL`, `ANNALS_TEST_RUN` (names what this run creates).
 *
 * @returns {Promise<string>} one line: which backends the run uses
 */
export async function startStack() {
  process.env.ANNALS_TEST_RUN = randomBytes(4).toString('hex');
  const outcomes = await Promise.allSettled([kafka(), postgres()]);
  const failed = outcomes.find(({ status }) => status === 'rejected');
  if (failed) {
    await stopStack();
    throw failed.reason;
  }
  const [broker, database] = outcomes.map(({ value }) => value);
  process.env.ANNALS_TEST_KAFKA_BROKERS = broker.address;
  process.env.ANNALS_TEST_DATABASE_URL = database.address;
  return `Integration tests run on ${broker.name} and ${database.name}.`;
}

export async function stopStack() {
  const outcomes = await Promise.allSettled(stops.splice(0).map((stop) => stop()));
  const failed = outcomes.find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
}

async function kafka() {
  const given = process.env.KAFKA_BROKERS;
  if (given) return { name: `the Kafka of KAFKA_BROKERS (Testcontainers not used)`, address: given };
  const { detectTools } = await localStack();
  const { docker } = await detectTools();
  if (!docker) return jvmKafka('Testcontainers not used: no container engine answers');
  return containerKafka().catch((error) => jvmKafka(`Testcontainers not used: ${String(error.message).split('\n')[0]}`));
}

async function jvmKafka(why) {
  const { startKafka } = await localStack();
  const broker = await startKafka({ onProgress: say });
  stops.push(broker.stop);
  return { name: `a Kafka in a JVM of this machine (${why})`, address: broker.brokers.join(',') };
}

async function containerKafka() {
  const { KafkaContainer } = await import('@testcontainers/kafka');
  const { Wait } = await import('testcontainers');
  say(`Starting ${KAFKA_IMAGE} with Testcontainers`);
  const container = await new KafkaContainer(KAFKA_IMAGE)
    .withEnvironment({
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
      KAFKA_MESSAGE_MAX_BYTES: String(9 * 1024 * 1024),
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    })
    // podman needs both: its limits are lower, and it reports the port open before the broker listens
    .withUlimits({ nofile: { soft: 4096, hard: 8192 }, nproc: { soft: 8192, hard: 16384 } })
    .withWaitStrategy(Wait.forLogMessage('Kafka Server started'))
    .start();
  stops.push(() => container.stop());
  return { name: `${KAFKA_IMAGE} by Testcontainers`, address: `${container.getHost()}:${container.getMappedPort(9093)}` };
}

async function postgres() {
  const given = process.env.DATABASE_URL;
  if (given) {
    stops.push(() => dropDatabasesOfThisRun(given));
    return { name: 'the PostgreSQL of DATABASE_URL', address: given };
  }
  const { startPostgres } = await localStack();
  const server = await startPostgres({ durable: false, onProgress: say });
  stops.push(server.stop);
  return { name: 'an embedded PostgreSQL', address: server.url };
}

async function dropDatabasesOfThisRun(url) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [
      `annals_test_${process.env.ANNALS_TEST_RUN}_`,
    ]);
    for (const { datname } of rows) await client.query(`DROP DATABASE ${client.escapeIdentifier(datname)} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}

function localStack() {
  if (!existsSync(LOCAL_STACK)) {
    throw new Error(`${fileURLToPath(LOCAL_STACK)} is missing: run "npm run build" first ("npm test" does).`);
  }
  return import(LOCAL_STACK.href);
}

function say(message) {
  process.stderr.write(`${message}\n`);
}
