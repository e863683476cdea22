import type { OutgoingMessage } from '#libs/bus';
import { APPENDED_TOPIC, STRUCTURED_CONTENT_TYPE, structuredEvent } from '#libs/contracts';
import { saveCheckpoint, tailLog, type Database, type LedJob, type TailedEvent } from '#libs/store';

/** Checkpoint of the topic annals.appended. */
export const APPENDED_CONSUMER = 'appended';
const AT_ONCE = 500;

export interface Publisher {
  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void>;
}

/** Publishes what was appended, per tenant in position order, at least once: the checkpoint moves after the brokers have it. */
export function appendedRelay(database: Database, publisher: Publisher): LedJob {
  return {
    name: 'relay-appended',
    // appends wake it; this is for a wake-up that was lost
    idleMs: 5_000,
    async act() {
      const events = await tailLog(database, APPENDED_CONSUMER, AT_ONCE);
      if (events.length === 0) return false;
      await publisher.publish(APPENDED_TOPIC, events.map(messageOf));
      const reached = new Map(events.map(({ tenantId, position }) => [tenantId, position]));
      for (const [tenantId, position] of reached) await saveCheckpoint(database, APPENDED_CONSUMER, tenantId, position);
      return true;
    },
  };
}

function messageOf(event: TailedEvent): OutgoingMessage {
  return { key: event.tenantId, value: structuredEvent(event), headers: { 'content-type': STRUCTURED_CONTENT_TYPE } };
}
