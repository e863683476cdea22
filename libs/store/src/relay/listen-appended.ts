import { APPENDED_CHANNEL } from '../append/appended-channel.js';
import { listen, type Listening } from './listen.js';

/** Tenants that grew, with their newest position as far as this signal knows; null: any may have, compare heads with checkpoints. */
export type Wake = ReadonlyMap<string, bigint> | null;

export type AppendedListener = Listening;

/**
 * Calls `onWake` for every append of any process. Only a signal: it carries no data and may come twice or late. Whenever the connection is made
 * (also the first time) it calls with null, because appends in between went unheard. Rejects only if the first connection fails.
 */
export function listenAppended(url: string, onWake: (wake: Wake) => void): Promise<AppendedListener> {
  return listen(url, APPENDED_CHANNEL, (payload) => onWake(readWake(payload ?? '*')));
}

/** `tenant:position` pairs, or `*`. */
export function readWake(payload: string): Wake {
  if (payload === '*' || payload === '') return null;
  return new Map(payload.split(',').map((pair) => [pair.slice(0, 36), BigInt(pair.slice(37))]));
}
