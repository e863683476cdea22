import { buildEvent, type EventRecord } from '#libs/contracts';
import type { StoryEvent } from './tell.js';

/** The record that carries an event of the demo. */
export function recordOf(event: StoryEvent): EventRecord {
  const time = event.time.toISOString();
  return buildEvent({ ...event, time, recordedTime: time });
}
