import { BusProducer, type BusConfig, type BusLog } from '#libs/bus';
import type { EventProducer, Receipt } from './event-producer.js';
import { makeRecord, type Origin } from './make-record.js';
import { Sender } from './sender.js';

export interface ProducerOptions extends Origin, Omit<BusConfig, 'clientId'> {
  /** Shown in the broker's logs; made from `source` if left out. */
  readonly clientId?: string;
  /** `KAFKA_TOPIC_PREFIX` of the installation. */
  readonly topicPrefix?: string;
  readonly compression?: 'none' | 'gzip';
  /** How long the first event of a batch waits for others, milliseconds: 5. */
  readonly lingerMs?: number;
  /** About the bytes of one request: 1,000,000. */
  readonly maxBatchBytes?: number;
  /** About the bytes of all events that are not acknowledged: 32 MiB. */
  readonly maxBufferedBytes?: number;
  /** How long a call waits for room in the buffer, milliseconds: 60,000. */
  readonly maxBlockMs?: number;
  /** How long after the call an event is given up, retries included, milliseconds: 120,000. */
  readonly deliveryTimeoutMs?: number;
  /** How long `close` waits for what is buffered, milliseconds: 10,000. */
  readonly closeTimeoutMs?: number;
  /** Says what goes wrong, without addresses and payloads; nothing if left out. pino's loggers fit. */
  readonly log?: BusLog;
}

export interface KafkaEventProducer extends EventProducer {
  /** About the bytes of the events that are not acknowledged yet. */
  readonly bufferedBytes: number;
}

const CLOSE_TIMEOUT_MS = 10_000;
/** By the Kafka client, within one try; the rest is ours, so that a deadline holds. */
const CLIENT_RETRIES = 2;

/** A producer of events. Connects with the first one, so that a subsystem can start while Kafka is away. */
export function createProducer(options: ProducerOptions): KafkaEventProducer {
  const { brokers, ssl, sasl, source, topicPrefix = '', log = silent, compression = 'none' } = options;
  const clientId = options.clientId ?? (source.replace(/[^\w.-]+/g, '-').replace(/^-|-$/g, '') || 'producer');
  const config: BusConfig = { brokers, clientId, ...(ssl !== undefined && { ssl }), ...(sasl && { sasl }) };
  const bus = new BusProducer({ config, log, compression, retries: CLIENT_RETRIES });
  const sender = new Sender({
    lingerMs: options.lingerMs ?? 5,
    maxBatchBytes: options.maxBatchBytes ?? 1_000_000,
    maxBufferedBytes: options.maxBufferedBytes ?? 32 * 1024 * 1024,
    maxBlockMs: options.maxBlockMs ?? 60_000,
    deliveryTimeoutMs: options.deliveryTimeoutMs ?? 120_000,
    topicPrefix,
    log,
    publish: (batches) => bus.publishBatches(batches),
  });
  let closing: Promise<void> | undefined;
  const send = async (type: string, draft: Parameters<typeof makeRecord>[2]): Promise<Receipt> =>
    sender.add(makeRecord(options, type, draft, Date.now()));
  return {
    publish: send,
    publishCustom: send,
    room: () => sender.whenRoom(),
    flush: () => sender.flush(),
    close: () => (closing ??= sender.close(options.closeTimeoutMs ?? CLOSE_TIMEOUT_MS).then(() => bus.close())),
    get bufferedBytes() {
      return sender.bufferedBytes;
    },
  };
}

const nothing = (): void => undefined;
const silent: BusLog = { debug: nothing, info: nothing, warn: nothing, error: nothing };
