import { createHash } from 'node:crypto';
import { claimToken, isUnlucky, markJoined, type Database } from '#libs/store';
import type { Endpoint } from '../endpoints/endpoint.js';
import type { Callback, Provider } from '../providers/provider.js';
import { placeEvents, type EventCount } from './place-events.js';
import type { MailPublisher } from './publisher.js';

export interface AcceptMeans {
  readonly database: Database;
  readonly publisher: MailPublisher;
  /** Asks an address of SNS; rejects when it does not answer with success. */
  readonly confirm: (url: string) => Promise<void>;
  /** Told of failures that a later try may not have. */
  readonly onUnavailable: (error: unknown) => void;
}

export type Accepted =
  /** Everything is on Kafka. */
  | { readonly outcome: 'accepted'; readonly counts: readonly EventCount[] }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'unparsable' }
  /** Nothing is lost if the provider tries again. */
  | { readonly outcome: 'unavailable' };

/** One callback from its raw bytes to Kafka. Doing it again with the same callback changes nothing. */
export async function acceptCallback(means: AcceptMeans, provider: Provider, endpoint: Endpoint, callback: Callback): Promise<Accepted> {
  const verdict = await provider.verify(callback, endpoint);
  if (verdict.outcome !== 'genuine') return verdict;
  const read = provider.read(callback);
  if (read.outcome === 'unparsable') return read;
  try {
    if (verdict.once !== undefined && !(await mayUse(means.database, endpoint, verdict.once, callback.body))) return { outcome: 'refused' };
    if (read.outcome === 'confirm') {
      await means.confirm(read.url);
      return { outcome: 'accepted', counts: [] };
    }
    const placed = await placeEvents(means.database, endpoint.tenant, `/webhooks/${endpoint.provider}`, read.events);
    await means.publisher.publish(placed.records);
    if (placed.joined.length > 0) await markJoined(means.database, endpoint.tenant, placed.joined);
    return { outcome: 'accepted', counts: placed.counts };
  } catch (error) {
    // what is no outage is a fault of ours: the provider tries again, and the log names it
    means.onUnavailable(isUnlucky(error) ? undefined : error);
    return { outcome: 'unavailable' };
  }
}

async function mayUse(database: Database, { tenant, provider }: Endpoint, token: string, body: Buffer): Promise<boolean> {
  const digest = (bytes: Buffer | string): Buffer => createHash('sha256').update(bytes).digest();
  return (await claimToken(database, tenant, digest(`${provider}\0${token}`), digest(body))) !== 'other_body';
}
