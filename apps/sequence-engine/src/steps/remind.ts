import { carriedOut, mayRun, postponed } from '#libs/sequences';
import { inTransaction, keepRecords, takeDueReminders, updateEnrollments } from '#libs/store';
import type { EngineParts } from '../engine-parts.js';
import { channelOf } from './channel-of.js';

/** Rows of a transaction: enough that its round trips do not count, few enough that it is over soon. */
const AT_ONCE = 500;

/** Carries out reminders that are due; answers with how many there were, which may be all for now. Several instances share them. */
export function remind({ database, book, now, metrics }: EngineParts, atOnce = AT_ONCE): Promise<number> {
  return inTransaction(
    database,
    async (client) => {
      const nowMs = now();
      const due = await takeDueReminders(client, nowMs, atOnce);
      if (due.length === 0) return 0;
      const standingOf = await book.standing(client, due);
      const changes = due.map((enrollment) => {
        const { sequence } = standingOf(enrollment);
        const moment = { sequence, nowMs };
        const runs = mayRun(moment);
        metrics.stepped(channelOf(enrollment, sequence), runs ? 'done' : 'postponed');
        const change = runs ? carriedOut(enrollment, moment) : postponed(enrollment, moment);
        return { ...change, channel: channelOf(change.enrollment, sequence) };
      });
      await updateEnrollments(client, changes, nowMs, true);
      await keepRecords(
        client,
        changes.flatMap(({ events }) => events),
      );
      return due.length;
    },
    true,
  );
}
