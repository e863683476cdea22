import { setTimeout as pause } from 'node:timers/promises';
import { BusProducer, type OutgoingMessage } from '#libs/bus';
import { generateEvents, STRUCTURED, type GeneratedRecord } from '../events/generate.js';
import type { BenchStack } from '../stack/start-stack.js';

const TICK_MS = 20;
const ignore = (): void => undefined;
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };

export interface SteadyOptions {
  readonly topicPrefix: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly seed: number;
  /** Every event is about this account of the busiest tenant. */
  readonly onlyAccount?: string | undefined;
}

/**
 * Publishes so many events a second, each stamped with the moment at which it is handed to Kafka's client. Resolves when all are
 * acknowledged, with the rate that was reached.
 */
export async function publishSteadily(stack: BenchStack, options: SteadyOptions): Promise<number> {
  const { perSecond, seconds, topicPrefix } = options;
  const records = prepare(options);
  const producer = new BusProducer({ config: { brokers: stack.brokers, clientId: 'annals-bench-live' }, log: SILENT });
  const sending: Promise<unknown>[] = [];
  const began = performance.now();
  try {
    for (let sent = 0; sent < records.length; await pause(TICK_MS)) {
      const due = Math.min(records.length, Math.floor(((performance.now() - began) / 1000) * perSecond));
      if (due > sent) sending.push(send(producer, topicPrefix, records.slice(sent, due)));
      sent = due;
    }
    await Promise.all(sending);
    return records.length / Math.max(seconds, (performance.now() - began) / 1000);
  } finally {
    await producer.close();
  }
}

function prepare({ perSecond, seconds, seed, onlyAccount }: SteadyOptions): GeneratedRecord[] {
  const only = onlyAccount === undefined ? {} : { onlyAccount };
  return [...generateEvents({ count: Math.round(perSecond * seconds), seed, untilMs: Date.now(), ...only })];
}

function send(producer: BusProducer, topicPrefix: string, records: readonly GeneratedRecord[]): Promise<unknown> {
  const stamp = `"time":"${new Date().toISOString()}"`;
  const byTopic = new Map<string, OutgoingMessage[]>();
  for (const { topic, key, value } of records) {
    const messages = byTopic.get(topic) ?? [];
    messages.push({ key, value: value.replace(/"time":"[^"]+"/, stamp), headers: STRUCTURED });
    byTopic.set(topic, messages);
  }
  return producer.publishBatches([...byTopic].map(([topic, messages]) => ({ topic: topicPrefix + topic, messages })));
}
