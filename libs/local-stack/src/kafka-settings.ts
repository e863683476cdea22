const MiB = 1024 * 1024;

export interface KafkaPlace {
  /** Address it listens on; clients are always told 127.0.0.1. */
  readonly host: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly logDir: string;
}

export type Settings = Readonly<Record<string, string | number | boolean>>;

/** Settings of a one-node KRaft broker for one small machine, by Kafka's names. */
export function kafkaSettings({ host, port, controllerPort, logDir }: KafkaPlace): Settings {
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://${host}:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': logDir,
    ...LIMITS,
    ...ONE_NODE,
    ...SMALL_MACHINE,
  };
}

/** As a properties file, in which a backslash is an escape. */
export function asProperties(settings: Settings): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${String(value).replaceAll('\\', '\\\\')}\n`);
  return lines.join('');
}

/** As Apache's image reads them from its environment. */
export function asEnvironment(settings: Settings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`KAFKA_${name.toUpperCase().replaceAll('.', '_')}`, String(value)]),
  );
}

/** Topics allow records of 6 MB, the dead-letter topic 8 MB: the broker allows a little more, for headers. */
const LIMITS = {
  'message.max.bytes': 9 * MiB,
  'replica.fetch.max.bytes': 9 * MiB,
  'auto.create.topics.enable': false,
  // tests of lost consumers cannot wait for the usual 6 s
  'group.min.session.timeout.ms': 1000,
  'group.initial.rebalance.delay.ms': 0,
};

const ONE_NODE = {
  'default.replication.factor': 1,
  'offsets.topic.replication.factor': 1,
  'offsets.topic.num.partitions': 4,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'transaction.state.log.num.partitions': 4,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
  'share.coordinator.state.topic.num.partitions': 1,
};

/** Fits 256 MB of heap (the cleaner alone would take 128) and keeps dozens of partitions from mapping 20 MB of index each. */
const SMALL_MACHINE = {
  'num.network.threads': 2,
  'num.io.threads': 4,
  'background.threads': 2,
  'log.cleaner.threads': 1,
  'log.cleaner.dedupe.buffer.size': 4 * MiB,
  'log.cleaner.io.buffer.size': 512 * 1024,
  'log.index.size.max.bytes': MiB,
  'log.segment.bytes': 256 * MiB,
};
