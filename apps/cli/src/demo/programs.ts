import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '#libs/service';
import { InvalidEvent, type EventProducer } from '#libs/producer';
import type { CallBack } from './callbacks.js';
import type { StoryEvent } from './tell.js';

/** The programs that run beside the demo, as far as it has to know them. */
export interface Programs {
  /** What the CRM says itself. */
  readonly crm: Pick<EventProducer, 'publish'>;
  /** Tells the email webhook as a provider would; absent: it does not know us, and the demo speaks for it. */
  readonly callBack: CallBack | undefined;
  /** It nurtures leads and runs plays by itself; otherwise the demo speaks for it. */
  readonly sequenceEngine: boolean;
}

export interface Voice {
  readonly programs: Programs;
  readonly logger: Logger;
  /** Ends the telling between two events. */
  readonly signal: AbortSignal;
}

const RETRY_MS = 1_000;

/** History is told by the books alone, and starts nothing: nobody mails, scores or notifies because of last month. */
export function tellAsHistory(event: StoryEvent, voice: Voice): Promise<void> {
  return insist(voice, () => voice.programs.crm.publish(event.type, draftOf(event, 'backfill')));
}

/** False: a program tells of it by itself, sooner or later. */
export function isOurs({ by }: StoryEvent, { sequenceEngine }: Programs): boolean {
  return by === 'crm' || by === 'email-webhook' || (by === 'sequence-engine' && !sequenceEngine);
}

/** Resolves when whoever it is told to has it. Told twice, it is there once. */
export function tellLive(event: StoryEvent, voice: Voice): Promise<void> {
  const { crm, callBack } = voice.programs;
  if (callBack && isMail(event)) return insist(voice, () => callBack(event));
  return insist(voice, () => crm.publish(event.type, draftOf(event, 'live')));
}

const MAIL: ReadonlySet<string> = new Set(['email.opened', 'email.clicked', 'email.bounced', 'email.received']);
const isMail = ({ type }: StoryEvent): boolean => MAIL.has(type);

function draftOf({ tenantId, id, time, entities, actor, correlationId, payload }: StoryEvent, ingestMode: 'live' | 'backfill') {
  return { tenantId, id, time, entities, actor, correlationId, payload, ingestMode };
}

/** Until it is taken, or the signal. */
async function insist({ logger, signal }: Voice, tell: () => Promise<unknown>): Promise<void> {
  while (!signal.aborted) {
    try {
      await tell();
      return;
    } catch (err) {
      if (err instanceof InvalidEvent) throw err;
      logger.warn({ err }, 'not taken: again in a second');
      await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
