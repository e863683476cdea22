import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { APPENDED_CHANNEL } from '../append/appended-channel.js';

/** Tenants that grew, with their newest position as far as this signal knows; null: any may have, compare heads with checkpoints. */
export type Wake = ReadonlyMap<string, bigint> | null;

export interface AppendedListener {
  /** Whether the connection stands now. */
  readonly connected: boolean;
  close(): Promise<void>;
}

const RECONNECT_MS = [100, 250, 500, 1000, 2000];

/**
 * Calls `onWake` for every append of any process. Only a signal: it carries no data and may come twice or late. Whenever the connection is made
 * (also the first time) it calls with null, because appends in between went unheard. Rejects only if the first connection fails.
 */
export async function listenAppended(url: string, onWake: (wake: Wake) => void): Promise<AppendedListener> {
  const listener = new Listener(url, onWake);
  await listener.connect();
  return listener;
}

class Listener implements AppendedListener {
  private client: pg.Client | null = null;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly onWake: (wake: Wake) => void,
  ) {}

  get connected(): boolean {
    return this.client !== null;
  }

  async connect(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, application_name: 'annals listen', keepAlive: true });
    client.on('error', () => undefined);
    client.on('notification', ({ payload }) => this.onWake(readWake(payload ?? '*')));
    try {
      await client.connect();
      await client.query(`listen ${APPENDED_CHANNEL}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    if (this.closed) return client.end();
    this.client = client;
    client.once('end', () => void this.reconnect());
    this.onWake(null);
  }

  private async reconnect(): Promise<void> {
    this.client = null;
    for (let attempt = 0; !this.closed && this.client === null; attempt++) {
      await wait(RECONNECT_MS[Math.min(attempt, RECONNECT_MS.length - 1)], undefined, { ref: false });
      await this.connect().catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.client?.end();
  }
}

/** `tenant:position` pairs, or `*`. */
export function readWake(payload: string): Wake {
  if (payload === '*' || payload === '') return null;
  return new Map(payload.split(',').map((pair) => [pair.slice(0, 36), BigInt(pair.slice(37))]));
}
