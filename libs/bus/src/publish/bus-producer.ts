import type { Producer, TopicMessages } from 'kafkajs';
import { explained } from '../connect/access-fault.js';
import type { BusConfig, BusLog } from '../connect/bus-config.js';
import { kafkaClient } from '../connect/kafka-client.js';
import { CompressionTypes } from '../connect/kafkajs.js';
import { partitionOfKey } from './partition-of-key.js';
import { produceWhole } from './produce-whole.js';
import { requestsOf } from './requests-of.js';
import { sharedInOnePass } from './shared-in-one-pass.js';

export interface OutgoingMessage {
  readonly key: string | Buffer | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, string | Buffer>>;
  /** Instead of the one the key hashes to. */
  readonly partition?: number;
  /** The record's own time, milliseconds since the Unix epoch in decimal; when it is sent, if left out. */
  readonly timestamp?: string;
}

export interface TopicBatch {
  readonly topic: string;
  readonly messages: readonly OutgoingMessage[];
}

export interface PublishOptions {
  /** Aborted before anything was handed to Kafka: nothing is, and `publish` rejects. Afterwards it changes nothing. */
  readonly signal?: AbortSignal;
  /** Called right before the messages are handed over: from then on they may be stored whatever `publish` says. */
  readonly onSend?: () => void;
}

export interface BusProducerOptions {
  readonly config: BusConfig;
  readonly log: BusLog;
  readonly compression?: 'none' | 'gzip';
  /** How often a request is tried again before it counts as failed; 8 when left out, some 12 s. */
  readonly retries?: number;
}

/**
 * Publishes with acknowledgement by all in-sync replicas; within one call, messages with equal keys keep their order. Where Kafka refuses
 * us (certificate, login, right) the error is a sentence for the operator, with Kafka's own as its cause.
 */
export class BusProducer {
  private producer: Producer | undefined;
  private connecting: Promise<Producer> | undefined;
  private isClosed = false;

  constructor(private readonly options: BusProducerOptions) {}

  /** Resolves when everything is stored. Rejects when that is not known: then send it again, readers have to expect it twice. */
  async publish(topic: string, messages: readonly OutgoingMessage[], options?: PublishOptions): Promise<void> {
    await this.send(
      requestsOf(messages).map((request) => [{ topic, messages: request }]),
      options,
    );
  }

  /**
   * Several topics at once: one request to each broker, so keep it small. Rejects when any of it is not known to be
   * stored, the rest may be: then send all of it again.
   */
  async publishBatches(batches: readonly TopicBatch[]): Promise<void> {
    await this.send([batches]);
  }

  private async send(requests: readonly (readonly TopicBatch[])[], { signal, onSend }: PublishOptions = {}): Promise<void> {
    const compression = this.options.compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None;
    const producer = await this.connected().catch((error: unknown) => {
      throw this.explained(error, requests);
    });
    signal?.throwIfAborted();
    onSend?.();
    try {
      for (const batches of requests) await producer.sendBatch({ acks: -1, compression, topicMessages: batches.map(topicMessages) });
    } catch (error) {
      // its sequence numbers may no longer be the broker's: the next publish begins with another producer
      await this.drop();
      throw this.explained(error, requests);
    }
  }

  private explained(error: unknown, requests: readonly (readonly TopicBatch[])[]): unknown {
    const topics = new Set(requests.flat().map(({ topic }) => topic));
    return explained(error, this.options.config, `write to ${[...topics].join(', ')}`);
  }

  /** For good: a publish under way fails. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.drop();
  }

  private async drop(): Promise<void> {
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
    const producer = produceWhole(kafkaClient(this.options.config, this.options.log, this.options.retries)).producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: partitionOfKey,
    });
    await producer.connect();
    this.producer = producer;
    if (!this.isClosed) return producer;
    await this.drop();
    throw new Error('the producer is closed');
  }
}

const topicMessages = ({ topic, messages }: TopicBatch): TopicMessages => ({ topic, messages: sharedInOnePass(messages) });
