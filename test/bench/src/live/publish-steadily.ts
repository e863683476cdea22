import { setTimeout as pause } from 'node:timers/promises';
import type { BusProducer, OutgoingMessage } from '#libs/bus';
import { generateEvents, STRUCTURED } from '../events/generate.js';

const TICK_MS = 20;

export interface SteadyOptions {
  readonly topicPrefix: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly seed: number;
  /** Every event is about this account of the busiest tenant. */
  readonly onlyAccount?: string | undefined;
}

/** As bytes, so that publishing costs little of the processors that what is measured needs. */
interface StampedRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: Buffer;
  /** Where its `time` stands. */
  readonly timeAt: number;
}

/** What one call of `publishSteadily` publishes. */
export interface SteadyRecords {
  readonly options: SteadyOptions;
  readonly records: readonly StampedRecord[];
}

const TIME = '"time":"';

export function prepareSteadily(options: SteadyOptions): SteadyRecords {
  const { perSecond, seconds, seed, onlyAccount } = options;
  const only = onlyAccount === undefined ? {} : { onlyAccount };
  const records: StampedRecord[] = [];
  for (const { topic, key, value } of generateEvents({ count: Math.round(perSecond * seconds), seed, untilMs: Date.now(), ...only })) {
    const bytes = Buffer.from(value);
    records.push({ topic, key, value: bytes, timeAt: bytes.indexOf(TIME) + TIME.length });
  }
  return { options, records };
}

/**
 * Publishes so many events a second, each stamped with the moment at which it is handed to Kafka's client. Resolves when all are
 * acknowledged, with the rate that was reached.
 */
export async function publishSteadily(producer: BusProducer, { options, records }: SteadyRecords): Promise<number> {
  const { perSecond, seconds, topicPrefix } = options;
  const sending: Promise<unknown>[] = [];
  const began = performance.now();
  for (let sent = 0; sent < records.length; await pause(TICK_MS)) {
    const due = Math.min(records.length, Math.floor(((performance.now() - began) / 1000) * perSecond));
    if (due > sent) sending.push(send(producer, topicPrefix, records.slice(sent, due)));
    sent = due;
  }
  await Promise.all(sending);
  return records.length / Math.max(seconds, (performance.now() - began) / 1000);
}

function send(producer: BusProducer, topicPrefix: string, records: readonly StampedRecord[]): Promise<unknown> {
  // as long as the time that stands there
  const now = new Date().toISOString();
  const byTopic = new Map<string, OutgoingMessage[]>();
  for (const { topic, key, value, timeAt } of records) {
    value.write(now, timeAt, 'latin1');
    const messages = byTopic.get(topic) ?? [];
    messages.push({ key, value, headers: STRUCTURED });
    byTopic.set(topic, messages);
  }
  return producer.publishBatches([...byTopic].map(([topic, messages]) => ({ topic: topicPrefix + topic, messages })));
}
