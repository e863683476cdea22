import { setTimeout as pause } from 'node:timers/promises';
import type { BusProducer } from '#libs/bus';
import type { Logger } from '#libs/service';
import { historyOf } from './history.js';
import { liveStory } from './live.js';
import { recall, remember, type Memory } from './memory.js';
import { recordOf } from './record.js';
import type { StoryEvent } from './tell.js';

const CHUNK = 500;
const RETRY_MS = 1_000;

export interface Telling {
  readonly producer: Pick<BusProducer, 'publish'>;
  /** Stands before every topic's name. */
  readonly topicPrefix: string;
  readonly logger: Logger;
  /** Ends the telling between two events. */
  readonly signal: AbortSignal;
}

/** Tells the history, unless an earlier run has told it to its end. */
export async function tellHistory(file: string, seed: string, now: Date, telling: Telling): Promise<void> {
  const memory: Memory = (await recall(file)) ?? { seed, until: now, historyTold: false };
  if (memory.historyTold) return;
  await remember(file, memory);
  const events = historyOf(memory.seed, memory.until);
  for (let from = 0; from < events.length && !telling.signal.aborted; from += CHUNK)
    await publish(events.slice(from, from + CHUNK), telling);
  if (telling.signal.aborted) return;
  await remember(file, { ...memory, historyTold: true });
  telling.logger.info({ events: events.length }, 'history told');
}

/** Goes on telling, a few events a second, until the signal. */
export async function tellOn(seed: string, startedAt: Date, eventsPerSecond: number, telling: Telling): Promise<void> {
  const next = liveStory(seed, startedAt.getTime().toString(36));
  while (!telling.signal.aborted) {
    await pause(((0.5 + Math.random()) * 1000) / eventsPerSecond, undefined, { signal: telling.signal }).catch(() => undefined);
    if (!telling.signal.aborted) await publish([next(new Date())], telling);
  }
}

/** Until it is stored: a repeated event has the same id, so the log takes it once. */
async function publish(events: readonly StoryEvent[], { producer, topicPrefix, logger, signal }: Telling): Promise<void> {
  const records = events.map(recordOf);
  for (const topic of new Set(records.map((record) => record.topic))) {
    const messages = records.filter((record) => record.topic === topic);
    while (!signal.aborted) {
      try {
        await producer.publish(topicPrefix + topic, messages);
        break;
      } catch (err) {
        logger.warn({ err, topic }, 'Kafka did not take the events: again in a second');
        await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
