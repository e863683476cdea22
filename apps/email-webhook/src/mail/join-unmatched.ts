import {
  followSent,
  forgetOldMail,
  knownMessages,
  MAIL_CONSUMER,
  markJoined,
  saveCheckpoint,
  unmatchedOf,
  type Database,
  type FollowedSent,
  type LedJob,
} from '#libs/store';
import type { Logger } from '#libs/service';
import type { MailPublisher } from './publisher.js';
import { joinRecords } from './place-events.js';
import type { MappedEvent } from './to-record.js';

const FORGET_EVERY_MS = 3_600_000;
const AT_ONCE = 500;

/** Follows what was sent, and brings the callbacks that came before it to their timelines. At least once: a repeat leads to the same events. */
export function joinUnmatched(database: Database, publisher: MailPublisher, logger: Logger, now: () => number = Date.now): LedJob {
  let forgotAt = 0;
  return {
    name: 'join-unmatched-mail',
    idleMs: 5_000,
    async act() {
      let joined = 0;
      for await (const followed of followSent(database)) {
        joined += await joinAll(database, publisher, followed);
        await saveCheckpoint(database, MAIL_CONSUMER, followed.tenantId, followed.position);
      }
      if (joined > 0) logger.info({ joined }, 'callbacks joined their timelines');
      if (now() - forgotAt > FORGET_EVERY_MS) {
        await forgetOldMail(database);
        forgotAt = now();
      }
      return false;
    },
  };
}

async function joinAll(database: Database, publisher: MailPublisher, { tenantId, messageIds }: FollowedSent): Promise<number> {
  let joined = 0;
  for (let from = 0; from < messageIds.length; from += AT_ONCE) {
    const some = messageIds.slice(from, from + AT_ONCE);
    const waiting = await unmatchedOf(database, tenantId, some);
    if (waiting.length === 0) continue;
    const known = new Map((await knownMessages(database, tenantId, some)).map((one) => [one.messageId, one.entities]));
    const records = waiting.flatMap((mail) => {
      const entities = mail.messageIds.map((id) => known.get(id)).find((found) => found !== undefined);
      const event = JSON.parse(mail.input) as MappedEvent;
      return entities === undefined ? [] : joinRecords({ tenantId, source: mail.source, event }, entities);
    });
    await publisher.publish(records);
    await markJoined(database, tenantId, waiting);
    joined += waiting.length;
  }
  return joined;
}
