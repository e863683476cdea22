import { idFrom } from '#libs/producer';
import type { Logger } from '#libs/service';
import { BROWSER, type CallBack } from './callbacks.js';
import { companiesOf } from './cast.js';
import { fateOf } from './fate.js';
import type { ArrivedMail } from './mailbox.js';
import { rngOf } from './rng.js';

export interface ReaderOptions {
  readonly seed: string;
  /** Tells the email webhook of replies; absent: nobody replies. */
  readonly callBack: CallBack | undefined;
  /** Only addresses that begin so are asked for: where opens and clicks are tracked. */
  readonly trackingUrl: string | undefined;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Resolves after so many milliseconds; rejects when the signal fires. */
  readonly wait: (ms: number) => Promise<void>;
}

const OPENS_AFTER_MS = 3_000;
const CLICKS_AFTER_MS = 3_000;
const REPLIES_AFTER_MS = 12_000;

/**
 * Everybody in the story reads mail alike: opens it, follows the link if it is of interest, and answers the first message if they are going to
 * stay. Who does what follows from the address. Resolves when it is read; does not reject.
 */
export async function read(mail: ArrivedMail, options: ReaderOptions): Promise<void> {
  const { signal, logger, wait } = options;
  try {
    await wait(OPENS_AFTER_MS);
    await ask(/<img src="([^"]+)"/.exec(mail.text)?.[1], options);
    if (!rngOf(`reads/${mail.to}`).chance(0.7)) return;
    await wait(CLICKS_AFTER_MS);
    await ask(/<a href="([^"]+)"/.exec(mail.text)?.[1], options);
    if (fateOf(mail.to) === 'leaves') return;
    await wait(REPLIES_AFTER_MS);
    await reply(mail, options);
  } catch (err) {
    if (!signal.aborted) logger.warn({ err: err instanceof Error ? err.message : 'unknown' }, 'a message was not read to its end');
  }
}

async function ask(address: string | undefined, { trackingUrl, signal }: ReaderOptions): Promise<void> {
  if (address === undefined || trackingUrl === undefined || !address.startsWith(`${trackingUrl}/`)) return;
  const response = await fetch(address, { headers: { 'user-agent': BROWSER }, redirect: 'manual', signal });
  await response.body?.cancel();
}

/** To which message is all that is said: the webhook knows whose that was. */
async function reply({ from, messageId, subject }: ArrivedMail, { seed, callBack }: ReaderOptions): Promise<void> {
  const company = companiesOf(seed).find(({ sender }) => sender === from);
  if (company === undefined || callBack === undefined) return;
  await callBack({
    tenantId: company.tenantId,
    id: idFrom('reply', messageId),
    type: 'email.received',
    time: new Date(),
    entities: [],
    payload: { messageId: `reply-${messageId}`, emailSubject: subject, inReplyTo: messageId, snippet: 'Yes, next week would suit me.' },
  });
}
