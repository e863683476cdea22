import { databaseCheck, databaseOf, databaseVariables } from './database.js';
import { defineConfig, parseConfig, type ConfigDefinition } from './define-config.js';
import { envExample } from './env-example.js';
import { jwtCheck, jwtVariables } from './jwt.js';
import { kafkaCheck, kafkaConnectionOf, kafkaVariables } from './kafka.js';
import { describeConfig, loadConfigOrExit } from './load-config.js';
import { peersOf, peerVariables } from './peers.js';
import { healthPortVariables, logVariables } from './process.js';
import { portNumber } from './values.js';
import { variable } from './variable.js';

const jwt = defineConfig('jwt', jwtVariables, jwtCheck);
const kafka = defineConfig('kafka', kafkaVariables, kafkaCheck);
const database = defineConfig('database', databaseVariables('QUERY', 10), databaseCheck('QUERY'));
const whole = defineConfig('everything', { ...kafkaVariables, ...jwtVariables, ...logVariables }, kafkaCheck, jwtCheck);

function faultsOf(definition: ConfigDefinition, env: Record<string, string>) {
  const parsed = parseConfig(definition, env);
  return parsed.outcome === 'faulty' ? parsed.faults.map((fault) => `${fault.variable} ${fault.message}`) : [];
}

describe('the configuration of an app', () => {
  it('is typed, with defaults filled in', () => {
    const parsed = parseConfig(whole, { KAFKA_BROKERS: 'a:9092, b:9093', JWT_SECRET: 's'.repeat(32) });
    expect(parsed).toMatchObject({
      outcome: 'valid',
      values: { KAFKA_BROKERS: ['a:9092', 'b:9093'], KAFKA_SSL: false, LOG_LEVEL: 'info' },
    });
  });

  it('lists all its faults at once', () => {
    expect(faultsOf(whole, { KAFKA_BROKERS: 'nowhere', KAFKA_SSL: 'maybe', LOG_LEVEL: 'loud', JWT_SECRET: 'short' })).toEqual([
      'KAFKA_BROKERS must be host:port, separated by commas',
      'KAFKA_SSL must be true or false',
      'JWT_SECRET must be at least 32 bytes long',
      'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent',
    ]);
  });

  it('takes an empty value for one that was not given', () => {
    expect(faultsOf(kafka, { KAFKA_BROKERS: '' })).toEqual(['KAFKA_BROKERS is required']);
  });

  it('hints at a name that differs from a known one by a slip', () => {
    expect(parseConfig(kafka, { KAFKA_BROKER: 'a:1', HOME: '/', PATH: '/bin' }).hints).toEqual([
      'KAFKA_BROKER is set but not read: did you mean KAFKA_BROKERS?',
    ]);
  });

  it('prints its faults and leaves with 1, without ever showing a value', () => {
    const printed: string[] = [];
    const exit = (code: number): never => {
      throw new Error(`exit ${code}`);
    };
    const env = { JWT_SECRET: 'hunter2', PORT: '99999' };
    const definition = defineConfig(
      'query',
      { ...jwtVariables, PORT: variable(portNumber(), { description: 'Port', default: '3000' }) },
      jwtCheck,
    );
    expect(() => loadConfigOrExit(definition, { env, print: (text) => printed.push(text), exit })).toThrow('exit 1');
    expect(printed.join('')).toContain('annals query cannot start: 2 faults in its configuration');
    expect(printed.join('')).toContain('PORT must lie between 0 and 65535 (Port, for example 3000)');
    expect(printed.join('')).not.toContain('hunter2');
  });

  it('shows its secrets redacted', () => {
    const parsed = parseConfig(jwt, { JWT_SECRET: 's'.repeat(40), JWT_ISSUER: 'me' });
    if (parsed.outcome !== 'valid') throw new Error('faulty');
    expect(describeConfig(jwt, parsed.values)).toEqual({ JWT_SECRET: '[redacted]', JWT_ISSUER: 'me' });
  });
});

describe('the shared parts of a configuration', () => {
  it('wants exactly one source of token keys', () => {
    expect(faultsOf(jwt, {})).toEqual(['JWKS_URL or JWT_SECRET is required']);
    expect(faultsOf(jwt, { JWKS_URL: 'https://id.example.com/jwks', JWT_SECRET: 's'.repeat(32) })).toEqual([
      'JWKS_URL and JWT_SECRET exclude each other',
    ]);
    expect(faultsOf(jwt, { JWKS_URL: 'https://id.example.com/jwks' })).toEqual([]);
  });

  it('wants the parts of a Kafka login together, and no certificates without TLS', () => {
    expect(faultsOf(kafka, { KAFKA_BROKERS: 'a:1', KAFKA_SASL_USERNAME: 'u', KAFKA_SSL_CA: '/none.pem' })).toEqual([
      'KAFKA_SASL_MECHANISM is needed as well: KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD belong together',
      'KAFKA_SASL_PASSWORD is needed as well: KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD belong together',
      'KAFKA_SSL_CA has no effect without KAFKA_SSL=true',
      'KAFKA_SSL_CA names a file that cannot be read',
    ]);
  });

  it('sends no password in the clear', () => {
    const login = { KAFKA_BROKERS: 'a:1', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' };
    expect(faultsOf(kafka, { ...login, KAFKA_SASL_MECHANISM: 'plain' })).toEqual([
      'KAFKA_SASL_MECHANISM sends the password as it is when it is plain: that needs KAFKA_SSL=true',
    ]);
    expect(faultsOf(kafka, { ...login, KAFKA_SASL_MECHANISM: 'plain', KAFKA_SSL: 'true' })).toEqual([]);
    expect(faultsOf(kafka, { ...login, KAFKA_SASL_MECHANISM: 'scram-sha-512' })).toEqual([]);
  });

  it('makes a Kafka connection out of its variables', () => {
    const env = {
      KAFKA_BROKERS: 'a:1',
      KAFKA_SSL: 'true',
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'u',
      KAFKA_SASL_PASSWORD: 'p',
    };
    const parsed = parseConfig(kafka, env);
    if (parsed.outcome !== 'valid') throw new Error('faulty');
    const sasl = { mechanism: 'scram-sha-512', username: 'u', password: 'p' };
    expect(kafkaConnectionOf(parsed.values)).toEqual({ brokers: ['a:1'], ssl: true, sasl });
  });

  it('prefers the database address of the role, and falls back on the common one', () => {
    expect(faultsOf(database, {})).toEqual(['QUERY_DATABASE_URL is required, or DATABASE_URL']);
    const of = (env: Record<string, string>) => {
      const parsed = parseConfig(database, env);
      return parsed.outcome === 'valid' ? databaseOf('QUERY', parsed.values) : parsed.faults;
    };
    expect(of({ DATABASE_URL: 'postgres://h/a', QUERY_POOL_SIZE: '3' })).toEqual({
      url: 'postgres://h/a',
      roleSpecific: false,
      poolSize: 3,
    });
    expect(of({ DATABASE_URL: 'postgres://h/a', QUERY_DATABASE_URL: 'postgres://q@h/a' })).toMatchObject({
      url: 'postgres://q@h/a',
      roleSpecific: true,
    });
    expect(of({ DATABASE_URL: 'mysql://h/a' })).toEqual([
      { variable: 'DATABASE_URL', message: 'must be a URL that begins with postgres:// or postgresql://' },
    ]);
  });

  it('names its peers', () => {
    const parsed = parseConfig(defineConfig('q', peerVariables), { PEER_URLS: 'ingest=http://127.0.0.1:3001/, http://127.0.0.1:3002' });
    if (parsed.outcome !== 'valid') throw new Error('faulty');
    expect(peersOf(parsed.values)).toEqual([
      { name: 'ingest', url: 'http://127.0.0.1:3001' },
      { name: '127.0.0.1:3002', url: 'http://127.0.0.1:3002' },
    ]);
  });
});

describe('.env.example', () => {
  it('has every variable once, with the apps that read it, and nothing filled in for secrets', () => {
    const text = envExample([jwt, defineConfig('ops', { ...healthPortVariables(3001), ...jwtVariables })]);
    expect(text).toContain('# Port of /health/live, /health/ready and /metrics; 0 takes a free one (read by ops)\n# HEALTH_PORT=3001\n');
    expect(text.match(/JWT_SECRET=/g)).toHaveLength(1);
    expect(text).toContain('(read by jwt, ops; secret)\n# JWT_SECRET=\n');
  });
});
