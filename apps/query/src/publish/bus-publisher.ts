import { BusProducer, type BusConfig } from '#libs/bus';
import type { Logger } from '#libs/service';
import type { Publisher } from './publisher.js';

/** Publishes through Kafka; connects with the first record, so that an app that only reads needs no broker. */
export function busPublisher(config: BusConfig, topicPrefix: string, logger: Logger): Publisher {
  const producer = new BusProducer({ config, log: logger });
  return {
    async publish({ topic, key, value, headers }, options) {
      try {
        await producer.publish(topicPrefix + topic, [{ key, value, headers }], options);
      } catch (err) {
        logger.warn({ err, topic }, 'not published');
        throw err;
      }
    },
    close: () => producer.close(),
  };
}
