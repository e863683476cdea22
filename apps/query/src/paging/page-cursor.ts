import type { SealedText } from '#libs/service';

/** Where a page ended, and what it was a page of. */
export interface PageCursor {
  readonly pin: bigint;
  /** Microseconds since the Unix epoch. */
  readonly occurredAt: bigint;
  readonly position: bigint;
  /** Number of the next page, where pages are numbered. */
  readonly page: number;
}

export function sealCursor(sealed: SealedText, cursor: PageCursor, binding: string): string {
  return sealed.seal([cursor.pin, cursor.occurredAt, cursor.position, cursor.page].join(' '), `cursor ${binding}`);
}

/** `undefined`: not a cursor of ours, or of another tenant, caller, timeline or filter. */
export function openCursor(sealed: SealedText, token: string, binding: string): PageCursor | undefined {
  const parts = sealed.open(token, `cursor ${binding}`)?.split(' ');
  if (parts?.length !== 4) return undefined;
  const [pin = '', occurredAt = '', position = '', page = ''] = parts;
  return { pin: BigInt(pin), occurredAt: BigInt(occurredAt), position: BigInt(position), page: Number(page) };
}
