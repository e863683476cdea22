import { carriedOut, isAddress, mayRun, postponed, type Change, type Delivery, type EmailStep, type Sequence } from '#libs/sequences';
import {
  inTransaction,
  keepRecords,
  lockEnrollment,
  markSending,
  takeDueEmails,
  takeLapsedSends,
  tryAgain,
  updateEnrollments,
  type DueEmail,
  type StoredEnrollment,
  type TenantClient,
} from '#libs/store';
import type { EngineParts } from '../engine-parts.js';
import type { Mailer } from '../mail/mailer.js';
import { messageOf, type Letterhead } from '../mail/message-of.js';
import { channelOf } from './channel-of.js';

export interface EmailParts extends EngineParts {
  readonly mailer: Mailer;
  readonly letterhead: Letterhead;
  /** Messages that leave at once. */
  readonly atOnce: number;
  /** Attempts before a step has failed. */
  readonly attempts: number;
  /** 0 to 1. */
  readonly random: () => number;
}

/** Longer than any message can take to leave: connection, greeting and each answer have time limits. */
const LEASE_MS = 5 * 60_000;
const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 3_600_000;

interface Outgoing {
  readonly enrollment: StoredEnrollment;
  readonly sequence: Sequence;
  readonly to: { readonly address: string; readonly name?: string };
}

/**
 * Sends what is due; answers with how many steps it dealt with. Each is marked before its message may leave and recorded afterwards: whoever
 * dies in between has perhaps sent it, so nobody sends it again.
 */
export async function sendEmails(parts: EmailParts): Promise<number> {
  const { dealtWith, outgoing } = await takeOutgoing(parts);
  await Promise.all(outgoing.map((one) => send(one, parts)));
  return dealtWith;
}

function takeOutgoing({ database, book, now, metrics, atOnce }: EmailParts): Promise<{ dealtWith: number; outgoing: Outgoing[] }> {
  return inTransaction(
    database,
    async (client) => {
      const nowMs = now();
      const due = await takeDueEmails(client, nowMs, atOnce);
      if (due.length === 0) return { dealtWith: 0, outgoing: [] };
      const standingOf = await book.standing(client, due);
      const settled: Settled[] = [];
      const outgoing: Outgoing[] = [];
      for (const enrollment of due) {
        const { sequence } = standingOf(enrollment);
        const to = addresseeOf(enrollment);
        const late = !mayRun({ sequence, nowMs });
        if (!late && to) outgoing.push({ enrollment, sequence, to });
        else settled.push({ sequence, change: late ? postponed(enrollment, { sequence, nowMs }) : noAddress(enrollment, sequence, nowMs) });
        if (late || !to) metrics.stepped('email', late ? 'postponed' : 'no_address');
      }
      await settle(client, settled, nowMs);
      await markSending(
        client,
        outgoing.map(({ enrollment }) => enrollment),
        nowMs + LEASE_MS,
      );
      return { dealtWith: due.length, outgoing };
    },
    true,
  );
}

interface Settled {
  readonly sequence: Sequence;
  readonly change: Change;
}

async function settle(client: TenantClient, settled: readonly Settled[], nowMs: number): Promise<void> {
  const writes = settled.map(({ sequence, change: { enrollment } }) => ({ enrollment, channel: channelOf(enrollment, sequence) }));
  await updateEnrollments(client, writes, nowMs, true);
  await keepRecords(
    client,
    settled.flatMap(({ change }) => change.events),
  );
}

function addresseeOf({ address, name }: DueEmail): Outgoing['to'] | undefined {
  return isAddress(address) ? { address, ...(name !== null && { name }) } : undefined;
}

const noAddress = (enrollment: StoredEnrollment, sequence: Sequence, nowMs: number): Change =>
  carriedOut(enrollment, { sequence, nowMs }, { status: 'no_address' });

async function send(outgoing: Outgoing, parts: EmailParts): Promise<void> {
  const { enrollment, sequence, to } = outgoing;
  const step = sequence.steps[enrollment.step] as EmailStep;
  const message = messageOf({ enrollment, sequence, step, to }, parts.letterhead);
  const outcome = await parts.mailer.send(message);
  if (outcome === 'later' && enrollment.attempts + 1 < parts.attempts) {
    parts.metrics.stepped('email', 'again');
    return tryAgain(parts.database, enrollment, parts.now() + retryDelay(enrollment.attempts, parts.random()));
  }
  const { messageId, subject } = message;
  const delivery: Delivery =
    outcome === 'sent'
      ? { status: 'sent', mail: { messageId, subject, to: to.address } }
      : { status: outcome === 'unsure' ? 'unknown' : 'failed' };
  await record(outgoing, delivery, parts);
}

/** Doubles with every attempt up to an hour, and spreads over half of it, so that what failed together does not come back together. */
export function retryDelay(attempts: number, random: number): number {
  return Math.round(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts, 20)) * (0.5 + random / 2));
}

/** The enrolment is read again: who left while the message did goes no further. */
async function record({ enrollment: { tenantId, id, step }, sequence }: Outgoing, delivery: Delivery, parts: EmailParts): Promise<void> {
  await inTransaction(
    parts.database,
    async (client) => {
      const current = await lockEnrollment(client, tenantId, id);
      // somebody has taken this sender for dead, and has said that it cannot be known
      if (current === null || !current.isSending || current.step !== step) return;
      const nowMs = parts.now();
      await settle(client, [{ sequence, change: carriedOut(current, { sequence, nowMs }, delivery) }], nowMs);
    },
    true,
  );
  if (delivery) parts.metrics.stepped('email', delivery.status);
}

/** Steps whose sender has died: whether the message left cannot be known, and twice would be worse than not at all. */
export function settleLapsed({ database, book, now, metrics }: EngineParts): Promise<number> {
  return inTransaction(
    database,
    async (client) => {
      const nowMs = now();
      const lapsed = await takeLapsedSends(client, nowMs, 100);
      if (lapsed.length === 0) return 0;
      const standingOf = await book.standing(client, lapsed);
      const settled = lapsed.map((enrollment): Settled => {
        const { sequence } = standingOf(enrollment);
        return { sequence, change: carriedOut(enrollment, { sequence, nowMs }, { status: 'unknown' }) };
      });
      await settle(client, settled, nowMs);
      metrics.stepped('email', 'unknown', lapsed.length);
      return lapsed.length;
    },
    true,
  );
}
