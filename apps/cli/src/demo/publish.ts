import { setTimeout as pause } from 'node:timers/promises';
import { historyOf } from './history.js';
import { liveStory } from './live.js';
import { recall, remember, type Memory } from './memory.js';
import { isOurs, tellAsHistory, tellLive, type Voice } from './programs.js';

const CHUNK = 500;
/** The first events of the present come faster, so that there is something of everything at once. */
const OPENING_EVENTS = 60;
const OPENING_PER_SECOND = 12;

/** Tells the history, unless an earlier run has told it to its end. Resolves with what is remembered: a folder keeps the story it began with. */
export async function tellHistory(file: string, seed: string, now: Date, voice: Voice): Promise<Memory> {
  const memory: Memory = (await recall(file)) ?? { seed, until: now, historyTold: false, told: 0 };
  if (memory.seed !== seed) voice.logger.warn('another seed tells another story: it needs another folder, this one keeps its own');
  if (memory.historyTold) return memory;
  await remember(file, memory);
  const events = historyOf(memory);
  for (let from = 0; from < events.length && !voice.signal.aborted; from += CHUNK)
    await Promise.all(events.slice(from, from + CHUNK).map((event) => tellAsHistory(event, voice)));
  if (voice.signal.aborted) return memory;
  const told = { ...memory, historyTold: true };
  await remember(file, told);
  voice.logger.info({ events: events.length }, 'history told');
  return told;
}

/** Goes on telling at a human pace, from where the last run ended, until the signal. */
export async function tellOn(file: string, memory: Memory, eventsPerSecond: number, voice: Voice): Promise<void> {
  const { programs, signal } = voice;
  const { next: begun, ...story } = memory;
  const next = liveStory(story);
  for (let skipped = 0; skipped < memory.told; skipped++) next(memory.until);
  let time = begun;
  for (let told = memory.told; !signal.aborted; told++) {
    const at = time ?? new Date();
    time = undefined;
    const event = next(at);
    if (!isOurs(event, programs)) continue;
    // remembered before it is told: cut short in between, it is told again with the same words
    await remember(file, { ...story, told, next: at });
    await tellLive(event, voice);
    if (signal.aborted) return;
    await remember(file, { ...story, told: told + 1 });
    const perSecond = told < OPENING_EVENTS ? Math.max(OPENING_PER_SECOND, eventsPerSecond) : eventsPerSecond;
    await pause(((0.5 + Math.random()) * 1000) / perSecond, undefined, { signal }).catch(() => undefined);
  }
}
