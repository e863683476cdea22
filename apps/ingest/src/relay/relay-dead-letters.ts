import type { OutgoingMessage } from '#libs/bus';
import { DEAD_LETTER_TOPIC } from '#libs/contracts';
import { markRelayed, purgeExpired, unrelayedDeadLetters, type Database, type LedJob, type UnrelayedDeadLetter } from '#libs/store';
import type { Publisher } from './relay-appended.js';

const AT_ONCE = 100;
const PURGE_EVERY_MS = 3_600_000;

/**
 * Copies dead letters to the dead-letter topic, at least once, and deletes those older than their retention. The rows
 * are what counts: a missing topic or an absent broker only delays the copies.
 */
export function deadLetterRelay(database: Database, publisher: Publisher, retentionDays: number): LedJob {
  let purgedAt = 0;
  return {
    name: 'relay-dead-letters',
    idleMs: 2_000,
    async act() {
      if (Date.now() - purgedAt > PURGE_EVERY_MS) {
        await purgeExpired(database, retentionDays);
        purgedAt = Date.now();
      }
      const letters = await unrelayedDeadLetters(database, AT_ONCE);
      if (letters.length === 0) return false;
      await publisher.publish(DEAD_LETTER_TOPIC, letters.map(copyOf));
      await markRelayed(database, letters);
      return true;
    },
  };
}

/** Key and value as they came, if the topic can take them. The headers say why and from where; they hold nothing of the record itself. */
export function copyOf(letter: UnrelayedDeadLetter): OutgoingMessage {
  const { reason, schemaPath, topic, partition, offset, attempts, leftOutBytes } = letter;
  const headers = { reason, 'schema-path': schemaPath, topic, partition: `${partition}`, offset: `${offset}`, attempts: `${attempts}` };
  const leftOut = leftOutBytes !== null && { 'left-out-bytes': `${leftOutBytes}` };
  return { key: letter.key, value: letter.value, headers: { ...headers, ...leftOut } };
}
