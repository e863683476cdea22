import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

export interface Listening {
  /** Whether the connection stands now. */
  readonly connected: boolean;
  close(): Promise<void>;
}

const RECONNECT_MS = [100, 250, 500, 1000, 2000];

/**
 * Calls `onPayload` for every NOTIFY on the channel, and with null whenever the connection is made (also the first time), because
 * what was said in between went unheard. Rejects only if the first connection fails.
 */
export async function listen(url: string, channel: string, onPayload: (payload: string | null) => void): Promise<Listening> {
  const listener = new Listener(url, channel, onPayload);
  await listener.connect();
  return listener;
}

class Listener implements Listening {
  private client: pg.Client | null = null;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly channel: string,
    private readonly onPayload: (payload: string | null) => void,
  ) {}

  get connected(): boolean {
    return this.client !== null;
  }

  async connect(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, application_name: 'annals listen', keepAlive: true });
    client.on('error', () => undefined);
    client.on('notification', ({ payload }) => this.onPayload(payload ?? ''));
    try {
      await client.connect();
      await client.query(`listen ${this.channel}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    if (this.closed) return client.end();
    this.client = client;
    client.once('end', () => void this.reconnect());
    this.onPayload(null);
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
