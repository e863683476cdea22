import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import kafkajs from 'kafkajs';
import { KAFKA_RIGHTS, type KafkaRight } from '#libs/contracts';
import { detectTools, freePort, startKafka, whyNoJvmKafka } from '#libs/local-stack';
import { testKafka } from '#libs/testing';

const run = promisify(execFile);
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

export type Mechanism = 'scram-sha-512' | 'plain';
/** What a subsystem's own user is called here. */
export const PRODUCER = 'a-subsystem';
export const READER = 'a-reader';

const OPERATIONS = {
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
  Describe: AclOperationTypes.DESCRIBE,
  Create: AclOperationTypes.CREATE,
} as const;

/** Undefined where one can be started here, else a sentence that says what is missing. */
export async function whyNoSecuredBroker(): Promise<string | undefined> {
  const keytool = await run('keytool', ['-help']).then(
    () => undefined,
    () => 'keytool, which comes with Java, is missing.',
  );
  return whyNoJvmKafka(await detectTools()) ?? keytool;
}

/** A Kafka that takes logins over TLS only, and allows nothing by itself; beside it a plaintext door for its administrator. */
export class SecuredBroker {
  private constructor(
    readonly port: number,
    readonly adminBrokers: readonly string[],
    private readonly folder: string,
    private readonly users: Readonly<Record<string, string>>,
    private readonly stopKafka: () => Promise<void>,
  ) {}

  static async start(): Promise<SecuredBroker> {
    const folder = await mkdtemp(join(tmpdir(), 'annals-secured-'));
    try {
      const names = new Set([...KAFKA_RIGHTS.map(({ user }) => user), PRODUCER, READER]);
      const users = Object.fromEntries([...names].map((user) => [user, `the-secret-of-${user}`]));
      const keystore = await makeCertificates(folder);
      const port = await freePort();
      const { brokers, stop } = await startKafka({ secured: { port, keystore, keystorePassword: STORE_PASSWORD, users } });
      return new SecuredBroker(port, brokers, folder, users, stop);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get brokers(): string[] {
    return [`127.0.0.1:${this.port}`];
  }

  /** PEM file of the authority. */
  get authority(): string {
    return join(this.folder, 'authority.pem');
  }

  passwordOf(user: string): string {
    return this.users[user] ?? '';
  }

  /** What an app is told to reach it as this user. */
  login(user: string, mechanism: Mechanism = 'scram-sha-512'): Record<string, string> {
    return {
      KAFKA_BROKERS: this.brokers.join(','),
      KAFKA_SSL: 'true',
      KAFKA_SSL_CA: this.authority,
      KAFKA_SASL_MECHANISM: mechanism,
      KAFKA_SASL_USERNAME: user,
      KAFKA_SASL_PASSWORD: this.passwordOf(user),
    };
  }

  /** Grants them, with the prefix before the names of topics. */
  grant(rights: readonly KafkaRight[], prefix: string): Promise<void> {
    return this.asAdmin(async (admin) => void (await admin.createAcls({ acl: rights.flatMap((right) => entriesOf(right, prefix)) })));
  }

  /** Takes them back. */
  revoke(rights: readonly KafkaRight[], prefix: string): Promise<void> {
    return this.asAdmin(async (admin) => void (await admin.deleteAcls({ filters: rights.flatMap((right) => entriesOf(right, prefix)) })));
  }

  async stop(): Promise<void> {
    await this.stopKafka();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async asAdmin(work: (admin: kafkajs.Admin) => Promise<void>): Promise<void> {
    const admin = testKafka('annals-administrator', this.adminBrokers).admin();
    await admin.connect();
    await work(admin).finally(() => admin.disconnect());
  }
}

function entriesOf({ user, kind, names, prefixed, operations }: KafkaRight, prefix: string): kafkajs.AclEntry[] {
  return names.flatMap((name) =>
    operations.map((operation) => ({
      resourceType: kind === 'topic' ? AclResourceTypes.TOPIC : AclResourceTypes.GROUP,
      resourceName: kind === 'topic' ? prefix + name : name,
      resourcePatternType: prefixed ? ResourcePatternTypes.PREFIXED : ResourcePatternTypes.LITERAL,
      principal: `User:${user}`,
      host: '*',
      operation: OPERATIONS[operation],
      permissionType: AclPermissionTypes.ALLOW,
    })),
  );
}

const STORE_PASSWORD = 'of-no-worth';

/** An authority of its own and a server certificate for the loopback, by the tool that comes with Java. Returns the server's keystore. */
async function makeCertificates(folder: string): Promise<string> {
  const [authority, server] = [join(folder, 'authority.p12'), join(folder, 'server.p12')];
  const keytool = (...args: string[]) => run('keytool', ['-J-XX:TieredStopAtLevel=1', '-storepass', STORE_PASSWORD, ...args]);
  const pair = ['-genkeypair', '-keystore', authority, '-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', '2'];
  await keytool(...pair, '-alias', 'authority', '-dname', 'CN=authority of a test', '-ext', 'bc:c');
  await keytool(...pair, '-alias', 'server', '-signer', 'authority', '-dname', 'CN=broker of a test', '-ext', 'san=ip:127.0.0.1');
  const copy = ['-importkeystore', '-srckeystore', authority, '-srcstorepass', STORE_PASSWORD, '-srcalias', 'server'];
  const [{ stdout: pem }] = await Promise.all([
    keytool('-exportcert', '-rfc', '-keystore', authority, '-alias', 'authority'),
    run('keytool', [...copy, '-destkeystore', server, '-deststorepass', STORE_PASSWORD]),
  ]);
  await writeFile(join(folder, 'authority.pem'), pem);
  return server;
}
