import { runningPostgresUrl } from '#libs/local-stack';
import type { BusConfig } from '#libs/bus';
import { kafkaCheck, kafkaConnectionOf, kafkaVariables, defineConfig, faultsMessage, parseConfig } from '#libs/service';
import { dataDirAt, notedStack } from '../data-dir.js';
import { Failure } from '../failure.js';

type Env = Readonly<Record<string, string | undefined>>;

export const dataDirOf = (env: Env): string => env['DATA_DIR'] || './.data';

/** The owner's address of the database: `DATABASE_URL`, else that of the local stack that runs in `DATA_DIR`. */
export async function databaseUrlOf(env: Env): Promise<string> {
  if (env['DATABASE_URL']) return env['DATABASE_URL'];
  const dir = dataDirAt(dataDirOf(env));
  const url = (await runningPostgresUrl(dir.postgres)) ?? (await notedStack(dir))?.databaseUrl;
  if (url === undefined) throw new Failure(notRunning(env, 'DATABASE_URL'));
  return url;
}

/** What stands before every topic's name where several installations share a cluster. */
export const topicPrefixOf = (env: Env): string => env['KAFKA_TOPIC_PREFIX'] ?? '';

/** Kafka: `KAFKA_BROKERS` and its companions, else the broker of the local stack that runs in `DATA_DIR`. */
export async function busConfigOf(env: Env): Promise<BusConfig> {
  const brokers = env['KAFKA_BROKERS'] || (await notedStack(dataDirAt(dataDirOf(env))))?.brokers.join(',');
  if (brokers === undefined) throw new Failure(notRunning(env, 'KAFKA_BROKERS'));
  const definition = defineConfig('cli', kafkaVariables, kafkaCheck);
  const parsed = parseConfig(definition, { ...env, KAFKA_BROKERS: brokers });
  if (parsed.outcome === 'faulty') throw new Failure(faultsMessage(definition, parsed.faults).trimEnd());
  return { ...kafkaConnectionOf(parsed.values), clientId: 'annals-cli' };
}

function notRunning(env: Env, variable: string): string {
  return `No local stack runs in ${dataDirOf(env)}: start it with npm start, name its folder with DATA_DIR, or set ${variable}.`;
}
