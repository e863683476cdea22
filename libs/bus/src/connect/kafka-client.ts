import type { Kafka as KafkaClient, KafkaConfig, LogEntry, SASLOptions } from 'kafkajs';
import type { BusConfig, BusLog } from './bus-config.js';
import { Kafka, logLevel } from './kafkajs.js';

/** Of one request: about 12 s in all. */
const RETRIES = 8;

/** A kafkajs client. Its own lines go to `log`, none above warning: what matters is said by the caller. */
export function kafkaClient(config: BusConfig, log: BusLog, retries = RETRIES): KafkaClient {
  const settings: KafkaConfig = {
    brokers: [...config.brokers],
    clientId: config.clientId,
    connectionTimeout: 5_000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 100, maxRetryTime: 3_000, retries },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => writeLine(log, entry),
  };
  if (config.ssl) settings.ssl = tlsOptions(config.ssl);
  if (config.sasl) settings.sasl = { ...config.sasl } as SASLOptions;
  return new Kafka(settings);
}

function tlsOptions(ssl: Exclude<BusConfig['ssl'], false | undefined>): NonNullable<KafkaConfig['ssl']> {
  if (ssl === true) return { rejectUnauthorized: true };
  return { ...ssl, ca: ssl.ca ? [...ssl.ca] : undefined, rejectUnauthorized: true };
}

/** A client that is refused says so nine times in five seconds: the same line is a warning once in so long. */
const SAID_AGAIN_MS = 60_000;
const MOST_LINES = 100;
const saidAt = new WeakMap<BusLog, Map<string, number>>();

function wasJustSaid(log: BusLog, line: string, now: number): boolean {
  const lines = saidAt.get(log) ?? new Map<string, number>();
  saidAt.set(log, lines);
  if (now - (lines.get(line) ?? -Infinity) < SAID_AGAIN_MS) return true;
  if (lines.size >= MOST_LINES) lines.clear();
  lines.set(line, now);
  return false;
}

const SHOWN = ['broker', 'groupId', 'topic', 'partition', 'retryCount', 'error'] as const;

/** Whole requests and payloads hang on kafkajs' entries: only known fields go on. */
function writeLine(log: BusLog, { level, namespace, log: entry }: LogEntry): void {
  const fields = Object.fromEntries(SHOWN.filter((key) => typeof entry[key] !== 'object').map((key) => [key, entry[key] as unknown]));
  const line = [namespace, fields['broker'], entry.message, fields['error']].join('\n');
  if (level === logLevel.ERROR && !wasJustSaid(log, line, Date.now())) log.warn({ client: namespace, ...fields }, entry.message);
  else log.debug({ client: namespace, ...fields }, entry.message);
}
