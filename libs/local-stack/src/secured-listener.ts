import type { Settings } from './kafka-settings.js';

/**
 * A listener for clients that log in over TLS. A broker that has one decides by ACLs who may do what, and refuses what none allows;
 * its plaintext listener is then the administrator's. Meant for tests: the passwords stand in the broker's own files.
 */
export interface SecuredListener {
  readonly port: number;
  /** PKCS12 file with the server's key and certificate, under the password. */
  readonly keystore: string;
  readonly keystorePassword: string;
  /** Password by user; each may log in by SCRAM-SHA-512 and by PLAIN. Neither may hold quotes, commas or brackets. */
  readonly users: Readonly<Record<string, string>>;
}

const MODULES = 'org.apache.kafka.common.security';

/** What the listener adds to the settings of a broker without one. */
export function securedSettings({ port, keystore, keystorePassword, users }: SecuredListener, host: string, settings: Settings): Settings {
  const name = 'listener.name.secured';
  const logins = Object.entries(users).map(([user, password]) => ` user_${user}="${password}"`);
  return {
    ...settings,
    listeners: `${settings['listeners']},SECURED://${host}:${port}`,
    'advertised.listeners': `${settings['advertised.listeners']},SECURED://127.0.0.1:${port}`,
    'listener.security.protocol.map': `${settings['listener.security.protocol.map']},SECURED:SASL_SSL`,
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512,PLAIN',
    [`${name}.ssl.keystore.type`]: 'PKCS12',
    [`${name}.ssl.keystore.location`]: keystore,
    [`${name}.ssl.keystore.password`]: keystorePassword,
    [`${name}.ssl.key.password`]: keystorePassword,
    [`${name}.scram-sha-512.sasl.jaas.config`]: `${MODULES}.scram.ScramLoginModule required;`,
    [`${name}.plain.sasl.jaas.config`]: `${MODULES}.plain.PlainLoginModule required${logins.join('')};`,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': false,
    'super.users': 'User:ANONYMOUS',
  };
}

/** What formats the storage of a cluster that knows the users. */
export function scramArguments({ users }: Pick<SecuredListener, 'users'>): string[] {
  return Object.entries(users).flatMap(([user, password]) => ['--add-scram', `SCRAM-SHA-512=[name=${user},password=${password}]`]);
}
