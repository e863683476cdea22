import { BusProducer, type BusConfig, type OutgoingMessage } from '#libs/bus';
import type { EventRecord } from '#libs/contracts';
import type { Logger } from '#libs/service';

/** Puts records on their topics. */
export interface MailPublisher {
  /** Resolves when all in-sync replicas have every record; rejects when that is not known. */
  publish(records: readonly EventRecord[]): Promise<void>;
  close(): Promise<void>;
}

/** Some five seconds: a provider waits about ten for its answer, and sends again what was not kept. */
const RETRIES = 4;

export function mailPublisher(config: BusConfig, topicPrefix: string, logger: Logger): MailPublisher {
  const producer = new BusProducer({ config, log: logger, retries: RETRIES });
  return {
    async publish(records) {
      const byTopic = new Map<string, OutgoingMessage[]>();
      for (const { topic, key, value, headers } of records) {
        const messages = byTopic.get(topic) ?? [];
        messages.push({ key, value, headers });
        byTopic.set(topic, messages);
      }
      for (const [topic, messages] of byTopic) await producer.publish(topicPrefix + topic, messages);
    },
    close: () => producer.close(),
  };
}
