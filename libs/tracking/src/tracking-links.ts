import { createSealedText } from '#libs/service';
import type { EntityRef } from '#libs/contracts';

/** The message that a link was put into. */
export interface TrackedMail {
  /** Lower-case UUID. */
  readonly tenantId: string;
  /** As in the `email.sent` of the message. */
  readonly messageId: string;
  /** Whose timelines an open or a click belongs on, the primary one first. */
  readonly entities: readonly [EntityRef, ...EntityRef[]];
  readonly subject?: string;
}

export interface TrackingLinks {
  /** Address of the pixel to put into the message. */
  pixel(mail: TrackedMail): string;
  /** Address that leads to `url`, which must be http or https; throws where it is not. */
  click(mail: TrackedMail, url: string): string;
  /** The message of a pixel; `undefined` for a token that was not made here. */
  openPixel(token: string): TrackedMail | undefined;
  /** The message and the target of a link. The target stands inside the token: there is nothing for others to change. */
  openClick(token: string): (TrackedMail & { readonly url: string }) | undefined;
}

/** Written short: it travels in every address. */
interface Sealed {
  readonly t: string;
  readonly m: string;
  readonly e: readonly (readonly [string, string])[];
  readonly s?: string;
  readonly u?: string;
}

/** Links that cannot be guessed, counted or changed: everything they say is sealed with AES-256-GCM under a key of `secret`. */
export function createTrackingLinks(secret: string, baseUrl = ''): TrackingLinks {
  const sealed = createSealedText(secret, 'annals tracking link');
  const base = baseUrl.replace(/\/+$/, '');
  const open = (token: string, binding: string): Sealed | undefined => {
    const text = sealed.open(token, binding);
    return text === undefined ? undefined : (JSON.parse(text) as Sealed);
  };
  return {
    pixel: (mail) => `${base}/t/o/${sealed.seal(JSON.stringify(shortOf(mail)), 'open')}.gif`,
    click(mail, url) {
      if (!isWebAddress(url)) throw new Error('a tracked link leads to an http or https address');
      return `${base}/t/c/${sealed.seal(JSON.stringify({ ...shortOf(mail), u: url }), 'click')}`;
    },
    openPixel(token) {
      const short = open(token, 'open');
      return short && mailOf(short);
    },
    openClick(token) {
      const short = open(token, 'click');
      return short?.u === undefined ? undefined : { ...mailOf(short), url: short.u };
    },
  };
}

function isWebAddress(text: string): boolean {
  const protocol = URL.parse(text)?.protocol;
  return protocol === 'http:' || protocol === 'https:';
}

function shortOf({ tenantId, messageId, entities, subject }: TrackedMail): Sealed {
  return {
    t: tenantId,
    m: messageId,
    e: entities.map(({ type, id }) => [type, id] as const),
    ...(subject !== undefined && { s: subject }),
  };
}

function mailOf({ t, m, e, s }: Sealed): TrackedMail {
  const entities = e.map(([type, id]) => ({ type, id })) as [EntityRef, ...EntityRef[]];
  return { tenantId: t, messageId: m, entities, ...(s !== undefined && { subject: s }) };
}
