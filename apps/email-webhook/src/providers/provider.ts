import type { Endpoint } from '../endpoints/endpoint.js';

/** A callback as it came. */
export interface Callback {
  readonly body: Buffer;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly nowMs: number;
}

export type Verdict =
  /** `once`: a token that may be used for this body only. */
  | { readonly outcome: 'genuine'; readonly once?: string }
  | { readonly outcome: 'refused' }
  /** The signature stands inside a body that is no JSON. */
  | { readonly outcome: 'unparsable' }
  /** What it takes to verify cannot be had now. */
  | { readonly outcome: 'unavailable' };

export const GENUINE: Verdict = { outcome: 'genuine' };
export const REFUSED: Verdict = { outcome: 'refused' };

/** What the catalogue has a type for; everything else is counted by its provider's name. */
export type MailKind = 'sent' | 'opened' | 'clicked' | 'bounced' | 'received';

/** One thing that happened to a message, whoever told. */
export interface MailEvent {
  /** Null: the catalogue has no type for it. */
  readonly kind: MailKind | null;
  /** The provider's name of the kind, for counting. */
  readonly name: string;
  /** Unique at the provider, the same in every redelivery. */
  readonly eventId: string;
  /** Every id the message may be known by, the provider's first, without angle brackets. */
  readonly messageIds: readonly string[];
  /** RFC 3339; null: the provider does not say. */
  readonly time: string | null;
  readonly subject?: string | undefined;
  readonly recipient?: string | undefined;
  readonly url?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly ip?: string | undefined;
  readonly machine?: boolean | undefined;
  readonly bounceType?: 'hard' | 'soft' | 'block' | undefined;
  readonly reason?: string | undefined;
  readonly inReplyTo?: string | undefined;
  readonly snippet?: string | undefined;
  /** What the sender gave to the provider to give back. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

export type ReadCallback =
  | { readonly outcome: 'events'; readonly events: readonly MailEvent[] }
  /** SNS asks whether this endpoint wants the topic. */
  | { readonly outcome: 'confirm'; readonly url: string }
  | { readonly outcome: 'unparsable' };

/** One kind of provider: who signs and how, and what its callbacks say. */
export interface Provider {
  /** Over the raw bytes, in constant time, before anything else is believed. */
  verify(callback: Callback, endpoint: Endpoint): Verdict | Promise<Verdict>;
  /** Only of a genuine callback. */
  read(callback: Callback): ReadCallback;
}
