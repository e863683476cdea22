import type { BusConfig } from './bus-config.js';

const UNTRUSTED = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
]);
const WRONG = new Map([
  ['CERT_HAS_EXPIRED', 'has expired'],
  ['CERT_NOT_YET_VALID', 'is not valid yet'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'is for another host name'],
]);
const DENIED = new Set(['TOPIC_AUTHORIZATION_FAILED', 'GROUP_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED']);

/**
 * One sentence for whoever has to mend it, where Kafka or TLS refused us: certificates, the login, a right. Undefined where the error
 * is about something else. `asked` says what was asked of Kafka: `write to crm.email`. Holds the user's name, never the password.
 */
export function accessFault(error: unknown, config: BusConfig, asked: string): string | undefined {
  for (let next = error; next instanceof Error; next = below(next)) {
    const fault = faultOf(next, config, asked);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** The error itself, or one that says it in a sentence, with it as its cause. */
export function explained(error: unknown, config: BusConfig, asked: string): unknown {
  const fault = accessFault(error, config, asked);
  return fault === undefined ? error : new Error(fault, { cause: error });
}

/** Kafka's own name of what went wrong, somewhere down the causes. */
export function brokersAnswer(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { type } = error as Error & { readonly type?: unknown };
  return typeof type === 'string' ? type : brokersAnswer(below(error));
}

/** Its cause, or the first of those it is made of. */
function below(error: Error): unknown {
  const { cause, errors } = error as Error & { readonly errors?: unknown };
  const inner = cause ?? (Array.isArray(errors) ? (errors[0] as unknown) : undefined);
  return inner === error ? undefined : inner;
}

function faultOf(error: Error, config: BusConfig, asked: string): string | undefined {
  const { name, message, type, code } = error as Error & { readonly type?: unknown; readonly code?: unknown };
  const { sasl, ssl } = config;
  if (name === 'KafkaJSSASLAuthenticationError' && !message.includes('not supported'))
    return `Kafka refuses the login of ${sasl?.username} by ${sasl?.mechanism}: the password is wrong, or there is no such user`;
  if (type === 'UNSUPPORTED_SASL_MECHANISM' || name === 'KafkaJSSASLAuthenticationError')
    return `Kafka takes no logins by ${sasl?.mechanism} here (KAFKA_SASL_MECHANISM)`;
  if (DENIED.has(String(type)) || name === 'KafkaJSGroupCoordinatorNotFound')
    return `Kafka does not let ${sasl?.username ?? 'this client'} ${asked}: a right is missing (docs/operating.md lists them)`;
  if (UNTRUSTED.has(String(code))) return `the certificate of the brokers is signed by nobody trusted here (${String(code)}; KAFKA_SSL_CA)`;
  const wrong = WRONG.get(String(code));
  if (wrong !== undefined) return `the certificate of the brokers ${wrong} (${String(code)})`;
  if (/wrong version number|packet length too long/.test(message)) return 'the brokers do not speak TLS at this port (KAFKA_SSL)';
  if (name !== 'KafkaJSConnectionClosedError' || (ssl && sasl)) return undefined;
  const missing = ssl ? 'a login (KAFKA_SASL_MECHANISM)' : 'TLS (KAFKA_SSL)';
  return `the brokers close every connection, as they do where they want ${missing}`;
}
