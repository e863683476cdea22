import { EventEmitter } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventStream, eventually } from '#libs/testing';
import { itemFrame } from './frames.js';
import { SseClient, type SseOptions } from './sse-client.js';

const OPTIONS: SseOptions = { bufferBytes: 50_000, heartbeatMs: 1_000, stallMs: 5_000, graceMs: 50 };
const frame = (id: number, text = 'hello') => Buffer.from(itemFrame(String(id), JSON.stringify({ text })));

let server: Server;
let url: string;
let answer: (response: ServerResponse) => void;
beforeAll(async () => {
  server = createServer((_, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** A connection that takes what the spec says. */
class NarrowResponse extends EventEmitter {
  destroyed = false;
  writableEnded = false;
  writableLength = 0;
  get writableNeedDrain(): boolean {
    return this.writableLength > 0;
  }
  write(bytes: Buffer): void {
    this.writableLength += bytes.length;
  }
  end(): void {
    this.writableEnded = true;
  }
  destroy(): void {
    this.destroyed = true;
  }
}

async function connect(options = OPTIONS): Promise<{ stream: EventStream; client: SseClient; response: ServerResponse }> {
  const answered = new Promise<ServerResponse>((resolve) => (answer = resolve));
  const opening = EventStream.open(url);
  const response = await answered;
  const client = new SseClient(response, options, () => undefined);
  client.open('7');
  return { stream: await opening, client, response };
}

describe('a connection with a client', () => {
  it('says where it begins, then brings what is written', async () => {
    const { stream, client } = await connect();
    await eventually(() => stream.lastEventId === '7', { describe: 'the opening' });
    expect(client.write(frame(8), 1)).toBe(true);
    await eventually(() => stream.ids().length === 1, { describe: 'the entry' });
    expect(stream.items()).toEqual([{ text: 'hello' }]);
    stream.close();
    expect(await client.gone).toBe('client');
  });

  it('is told that it lives when nothing else was said, and how far it is', async () => {
    const { stream, client } = await connect();
    const now = Date.now();
    client.tick(now + 500, () => '9');
    client.tick(now + 1_500, () => '12');
    await eventually(() => stream.comments === 1, { describe: 'the heartbeat' });
    expect([stream.lastEventId, stream.events]).toEqual(['12', []]);
    stream.close();
  });

  it('takes no more than its bound while it does not read, and is ended when it goes on not reading', async () => {
    const { stream, client, response } = await connect();
    stream.pause();
    const large = frame(8, 'x'.repeat(400_000));
    await eventually(
      () => {
        for (let i = 0; i < 50; i++) if (!client.write(large, 1)) return true;
        return false;
      },
      { describe: 'it is full' },
    );
    expect(response.writableLength).toBeLessThan(OPTIONS.bufferBytes + 2 * large.length);
    const drained = client.drained();
    client.tick(Date.now() + 4_000, () => undefined);
    expect(client.closed).toBe(false);
    client.tick(Date.now() + 10_000, () => undefined);
    expect(client.closed).toBe(true);
    expect(await client.gone).toBe('slow');
    await drained;
    stream.close();
  });

  it('is ended too when what it does not take stays below the bound, for nothing else would ever end it', async () => {
    const { stream, client, response } = await connect({ ...OPTIONS, bufferBytes: Number.MAX_SAFE_INTEGER });
    stream.pause();
    const large = frame(8, 'x'.repeat(400_000));
    await eventually(() => client.write(large, 1) && response.writableLength > 2_000_000, { describe: 'the connection takes no more' });
    client.tick(Date.now() + 1_000, () => undefined);
    client.tick(Date.now() + 5_000, () => undefined);
    expect(client.closed).toBe(false);
    client.tick(Date.now() + 7_000, () => undefined);
    expect(await client.gone).toBe('slow');
    stream.close();
  });

  it('that takes little, but something, is not ended', () => {
    const response = new NarrowResponse();
    const client = new SseClient(response as unknown as ServerResponse, OPTIONS, () => undefined);
    client.write(frame(8, 'x'.repeat(40_000)), 1);
    const began = Date.now();
    for (let second = 1; second <= 60; second++) {
      response.writableLength -= 100;
      client.tick(began + second * 1_000, () => undefined);
    }
    expect(client.closed).toBe(false);
    for (let second = 61; second <= 66; second++) client.tick(began + second * 1_000, () => undefined);
    expect(client.closed).toBe(true);
  });

  it('ends with a hint', async () => {
    const { stream, client } = await connect();
    client.end('expired');
    await eventually(() => stream.ended, { describe: 'the end' });
    expect(stream.reconnect).toEqual({ reason: 'expired' });
    expect(await client.gone).toBe('expired');
  });

  it('that went before it was opened is gone', async () => {
    const answered = new Promise<ServerResponse>((resolve) => (answer = resolve));
    const opening = EventStream.open(url).catch(() => undefined);
    const response = await answered;
    response.destroy();
    await eventually(() => response.destroyed, { describe: 'the connection is cut' });
    const client = new SseClient(response, OPTIONS, () => undefined);
    client.open('7');
    expect([client.closed, await client.gone, client.write(frame(8), 1)]).toEqual([true, 'client', true]);
    await opening;
  });
});
