import { setTimeout as pause } from 'node:timers/promises';
import type { OutgoingMessage } from '#libs/bus';
import { APPENDED_TOPIC, STRUCTURED_CONTENT_TYPE, structuredEvent } from '#libs/contracts';
import { saveCheckpoints, tailLog, type Database, type LedJob, type TailedEvent } from '#libs/store';

/** Checkpoint of the topic annals.appended. */
export const APPENDED_CONSUMER = 'appended';
const AT_ONCE = 1_000;
/**
 * It begins so far apart while it keeps up, milliseconds: a look at many events costs hardly more than one at a few. Of large events, which come 4 MB at
 * a time, that is 40 MB a second.
 */
const EVERY_MS = 100;

export interface Publisher {
  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void>;
}

/** Publishes what was appended, per tenant in position order, at least once: the checkpoint moves after the brokers have it. */
export function appendedRelay(database: Database, publisher: Publisher): LedJob {
  let notBefore = 0;
  return {
    name: 'relay-appended',
    // appends wake it; this is for a wake-up that was lost
    idleMs: 5_000,
    async act() {
      await pause(Math.max(0, notBefore - performance.now()));
      const began = performance.now();
      const events = await tailLog(database, APPENDED_CONSUMER, AT_ONCE);
      if (events.length === 0) return false;
      await publisher.publish(APPENDED_TOPIC, events.map(messageOf));
      const reached = new Map(events.map(({ tenantId, position }) => [tenantId, position]));
      await saveCheckpoints(database, APPENDED_CONSUMER, reached);
      notBefore = events.length < AT_ONCE ? began + EVERY_MS : 0;
      return true;
    },
  };
}

function messageOf(event: TailedEvent): OutgoingMessage {
  return { key: event.tenantId, value: structuredEvent(event, event.entitiesJson), headers: { 'content-type': STRUCTURED_CONTENT_TYPE } };
}
