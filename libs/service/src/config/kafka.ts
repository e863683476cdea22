import { accessSync, constants, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ConfigCheck, ConfigValues } from './define-config.js';
import { commaList, flag, oneOf, text } from './values.js';
import { optionalVariable, variable, type Variable } from './variable.js';

const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
const broker = z.string().regex(/^(\[[0-9a-fA-F:]+\]|[^\s:,/]+):\d{1,5}$/, 'must be host:port, separated by commas');

/** How to reach Kafka; the same for every app that does. */
export const kafkaVariables = {
  KAFKA_BROKERS: variable(commaList(broker), { description: 'Kafka brokers to begin with, host:port', example: '127.0.0.1:9092' }),
  KAFKA_SSL: variable(flag(), { description: 'Speak TLS to Kafka', default: 'false' }),
  KAFKA_SSL_CA: optionalVariable(text(), {
    description: 'File (PEM) of the authority that signed the brokers',
    example: '/etc/annals/ca.pem',
  }),
  KAFKA_SSL_CERT: optionalVariable(text(), { description: 'File (PEM) of the client certificate', example: '/etc/annals/client.pem' }),
  KAFKA_SSL_KEY: optionalVariable(text(), { description: 'File (PEM) of the client key', example: '/etc/annals/client.key' }),
  KAFKA_SASL_MECHANISM: optionalVariable(oneOf(SASL_MECHANISMS), { description: 'How to log in to Kafka', example: 'scram-sha-512' }),
  KAFKA_SASL_USERNAME: optionalVariable(text(), { description: 'User name at Kafka', example: 'annals-ingest' }),
  KAFKA_SASL_PASSWORD: optionalVariable(text(), { description: 'Password at Kafka', secret: true }),
};

const SASL = ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'] as const;
const FILES = ['KAFKA_SSL_CA', 'KAFKA_SSL_CERT', 'KAFKA_SSL_KEY'] as const;

export const kafkaCheck: ConfigCheck = (values) => {
  const given = (name: string) => values[name] !== undefined;
  const saslMissing = SASL.some(given) ? SASL.filter((name) => !given(name)) : [];
  const files = FILES.filter(given);
  const isOpen = values['KAFKA_SASL_MECHANISM'] === 'plain' && values['KAFKA_SSL'] === false;
  return [
    ...(isOpen
      ? [{ variable: 'KAFKA_SASL_MECHANISM', message: 'sends the password as it is when it is plain: that needs KAFKA_SSL=true' }]
      : []),
    ...saslMissing.map((variable) => ({ variable, message: `is needed as well: ${SASL.join(', ')} belong together` })),
    ...(given('KAFKA_SSL_CERT') === given('KAFKA_SSL_KEY')
      ? []
      : [{ variable: 'KAFKA_SSL_CERT', message: 'and KAFKA_SSL_KEY belong together' }]),
    ...(values['KAFKA_SSL'] === false ? files.map((variable) => ({ variable, message: 'has no effect without KAFKA_SSL=true' })) : []),
    ...files.filter((name) => !readable(values[name])).map((variable) => ({ variable, message: 'names a file that cannot be read' })),
  ];
};

function readable(path: unknown): boolean {
  try {
    accessSync(String(path), constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** Has the shape Kafka clients for Node understand. */
export interface KafkaConnection {
  readonly brokers: string[];
  readonly ssl: boolean | { readonly ca?: string[]; readonly cert?: string; readonly key?: string };
  readonly sasl?: { readonly mechanism: (typeof SASL_MECHANISMS)[number]; readonly username: string; readonly password: string };
}

/** Reads the certificate files: throws where one has gone since the configuration was checked. */
export function kafkaConnectionOf(config: ConfigValues<typeof kafkaVariables>): KafkaConnection {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = config;
  const sasl = mechanism && username && password ? { sasl: { mechanism, username, password } } : {};
  return { brokers: config.KAFKA_BROKERS, ssl: sslOf(config), ...sasl };
}

function sslOf(config: ConfigValues<typeof kafkaVariables>): KafkaConnection['ssl'] {
  if (!config.KAFKA_SSL) return false;
  const read = (path: string) => readFileSync(path, 'utf8');
  const { KAFKA_SSL_CA: ca, KAFKA_SSL_CERT: cert, KAFKA_SSL_KEY: key } = config;
  if (ca === undefined && cert === undefined) return true;
  return { ...(ca && { ca: [read(ca)] }), ...(cert && { cert: read(cert) }), ...(key && { key: read(key) }) };
}

/** `KAFKA_TOPIC_PREFIX`, the same for every app of an installation. */
export function topicPrefix(): Variable<string> {
  return variable(z.string().regex(/^[A-Za-z0-9._-]{0,100}$/, 'must be letters, digits, dots, dashes and underscores'), {
    description: 'Put before every topic name, where several installations share a cluster',
    default: '',
  });
}
