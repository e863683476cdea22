import type { Message, Producer } from 'kafkajs';
import type { BusConfig, BusLog } from '../connect/bus-config.js';
import { kafkaClient } from '../connect/kafka-client.js';
import { CompressionTypes, Partitioners } from '../connect/kafkajs.js';

export interface OutgoingMessage {
  readonly key: string | Buffer | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, string | Buffer>>;
  /** Instead of the one the key hashes to. */
  readonly partition?: number;
}

export interface BusProducerOptions {
  readonly config: BusConfig;
  readonly log: BusLog;
  readonly compression?: 'none' | 'gzip';
}

/** Of keys and values; one request may hold several partitions' batches, each below a topic's limit. */
const REQUEST_BYTES = 1 << 20;

/** Publishes with acknowledgement by all in-sync replicas; within one call, messages with equal keys keep their order. */
export class BusProducer {
  private producer: Producer | undefined;
  private connecting: Promise<Producer> | undefined;

  constructor(private readonly options: BusProducerOptions) {}

  /** Resolves when everything is stored. Rejects when that is not known: then send it again, readers have to expect it twice. */
  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    const compression = this.options.compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None;
    const producer = await this.connected();
    try {
      for (const request of requestsOf(messages)) await producer.send({ topic, acks: -1, compression, messages: request });
    } catch (error) {
      // its sequence numbers may no longer be the broker's: the next publish begins with another producer
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    await producer?.disconnect().catch(() => undefined);
  }

  private async connected(): Promise<Producer> {
    if (this.producer) return this.producer;
    this.connecting ??= this.connect().finally(() => (this.connecting = undefined));
    return this.connecting;
  }

  private async connect(): Promise<Producer> {
    const producer = kafkaClient(this.options.config, this.options.log).producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      // the hash of Kafka's Java clients, so that all producers agree where a key belongs
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return (this.producer = producer);
  }
}

function requestsOf(messages: readonly OutgoingMessage[]): Message[][] {
  const requests: Message[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = (message.value?.length ?? 0) + (message.key?.length ?? 0);
    if (bytes + size > REQUEST_BYTES) {
      requests.push([]);
      bytes = 0;
    }
    requests.at(-1)?.push({ ...message, headers: { ...message.headers } });
    bytes += size;
  }
  return requests;
}
