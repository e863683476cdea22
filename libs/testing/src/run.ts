import { randomBytes } from 'node:crypto';

/** Addresses that the run's global setup has put into the environment. */
export function testDatabaseUrl(): string {
  return given('ANNALS_TEST_DATABASE_URL');
}

export function testBrokers(): string[] {
  return given('ANNALS_TEST_KAFKA_BROKERS').split(',');
}

/** `<prefix><run>-<random>`: lower case, unique between specs and between runs. */
export function uniqueName(prefix = 't'): string {
  return `${prefix}${runId()}-${randomBytes(4).toString('hex')}`;
}

export function runId(): string {
  return given('ANNALS_TEST_RUN');
}

function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: only *.int.spec.ts and test/e2e have a Kafka and a PostgreSQL.`);
  return value;
}
