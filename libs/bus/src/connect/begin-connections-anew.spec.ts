import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { eventually } from '#libs/testing';
import './kafkajs.js';

interface Connection {
  connect(): Promise<boolean>;
  disconnect(): Promise<boolean>;
  isConnected(): boolean;
  readonly bytesBuffered: number;
  readonly requestQueue: { fulfillRequest: (answer: { correlationId: number; payload: Buffer }) => void };
}

const KafkajsConnection = createRequire(import.meta.url)('kafkajs/src/network/connection') as new (options: object) => Connection;
const silent = { namespace: () => silent, debug: () => undefined, error: () => undefined, warn: () => undefined };

let server: Server;
beforeAll(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** An answer of the protocol: size, whose it is, payload. */
function onWire(correlationId: number, payload: string): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(4 + payload.length, 0);
  head.writeInt32BE(correlationId, 4);
  return Buffer.concat([head, Buffer.from(payload)]);
}

async function connected(connection: Connection): Promise<Socket> {
  const [[socket]] = (await Promise.all([once(server, 'connection'), connection.connect()])) as unknown as [[Socket]];
  return socket;
}

test.each([3, 6, 100])('of an answer of which %s bytes had come when the connection broke, nothing is taken for the next', async (came) => {
  const { port } = server.address() as AddressInfo;
  const socketFactory = ({ onConnect }: { onConnect: () => void }) => connect({ host: '127.0.0.1', port }, onConnect);
  const where = { host: '127.0.0.1', port, socketFactory };
  const connection = new KafkajsConnection({ ...where, logger: silent, connectionTimeout: 5_000, requestTimeout: 5_000 });
  const answers: string[] = [];
  connection.requestQueue.fulfillRequest = ({ correlationId, payload }) => void answers.push(`${correlationId}: ${payload.toString()}`);
  const first = await connected(connection);
  first.write(onWire(1, 'x'.repeat(200)).subarray(0, came));
  await eventually(() => connection.bytesBuffered === came, { describe: 'the first bytes have come' });
  first.destroy();
  await eventually(() => !connection.isConnected(), { describe: 'it is noticed' });
  const second = await connected(connection);
  try {
    second.write(onWire(2, 'whole'));
    await eventually(() => answers.length > 0, { describe: 'an answer has come', timeoutMs: 5_000 });
    expect(answers).toEqual(['2: whole']);
  } finally {
    second.destroy();
    await connection.disconnect();
  }
});
