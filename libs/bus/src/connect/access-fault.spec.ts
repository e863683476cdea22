import kafkajs from 'kafkajs';
import { accessFault, explained } from './access-fault.js';
import type { BusConfig } from './bus-config.js';

const { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } = kafkajs;
const PASSWORD = 'not to be seen';
const config: BusConfig = {
  brokers: ['broker:9093'],
  clientId: 'spec',
  ssl: true,
  sasl: { mechanism: 'scram-sha-512', username: 'annals-query', password: PASSWORD },
};

/** As kafkajs gives up. */
const givenUp = (cause: Error) => new KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 2, retryTime: 100 });
const answered = (type: string) => new KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 1, retriable: false }));
const named = (name: string, message = 'no') => Object.assign(new Error(message), { name });
const coded = (code: string) => new KafkaJSConnectionError(`Connection error: ${code}`, { code });
const faultOf = (error: unknown, more: Partial<BusConfig> = {}) => accessFault(error, { ...config, ...more }, 'write to crm.email');

describe('what an operator is told when Kafka refuses', () => {
  const refusals: [Error, RegExp][] = [
    [answered('TOPIC_AUTHORIZATION_FAILED'), /does not let annals-query write to crm\.email: a right is missing/],
    [Object.assign(new Error('not created'), { errors: [answered('TOPIC_AUTHORIZATION_FAILED')] }), /does not let annals-query write/],
    [answered('CLUSTER_AUTHORIZATION_FAILED'), /does not let annals-query write to crm\.email/],
    [named('KafkaJSGroupCoordinatorNotFound'), /does not let annals-query write to crm\.email/],
    [named('KafkaJSSASLAuthenticationError'), /refuses the login of annals-query by scram-sha-512: the password is wrong/],
    [named('KafkaJSSASLAuthenticationError', 'mechanism is not supported by the server'), /takes no logins by scram-sha-512/],
    [answered('UNSUPPORTED_SASL_MECHANISM'), /takes no logins by scram-sha-512/],
    [coded('SELF_SIGNED_CERT_IN_CHAIN'), /signed by nobody trusted here \(SELF_SIGNED_CERT_IN_CHAIN; KAFKA_SSL_CA\)/],
    [coded('CERT_HAS_EXPIRED'), /has expired/],
    [coded('ERR_TLS_CERT_ALTNAME_INVALID'), /is for another host name/],
    [new KafkaJSConnectionError('Connection error: ssl3_get_record:wrong version number'), /do not speak TLS/],
  ];
  it.each(refusals.map(([error, sentence]) => [sentence.source, error, sentence] as const))('is "%s"', (_, error, sentence) => {
    expect(faultOf(error)).toMatch(sentence);
    expect(faultOf(givenUp(error))).toMatch(sentence);
    expect(faultOf(givenUp(error))).not.toMatch(new RegExp(`\n|${PASSWORD}`));
  });

  it('names what is missing where the brokers only hang up', () => {
    const closed = givenUp(named('KafkaJSConnectionClosedError', 'Closed connection'));
    expect(faultOf(closed)).toBeUndefined();
    expect(faultOf(closed, { sasl: undefined })).toMatch(/want a login/);
    expect(faultOf(closed, { ssl: false })).toMatch(/want TLS/);
  });

  it('is nothing about other faults, which stay as they are', () => {
    const error = givenUp(new KafkaJSConnectionError('connect ECONNREFUSED', { code: 'ECONNREFUSED' }));
    expect([faultOf(error), faultOf('text'), faultOf(undefined)]).toEqual([undefined, undefined, undefined]);
    expect(explained(error, config, 'x')).toBe(error);
    expect(explained(answered('TOPIC_AUTHORIZATION_FAILED'), config, 'x')).toMatchObject({ cause: { type: 'TOPIC_AUTHORIZATION_FAILED' } });
  });
});
