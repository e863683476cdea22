import { connect, createServer, type AddressInfo } from 'node:net';

const LOOPBACK = '127.0.0.1';

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return listenOnce(0);
}

/** Throws a sentence that names the port and the setting that changes it. */
export async function requireFreePort(port: number, name: string, setting: string): Promise<number> {
  return listenOnce(port).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${name} cannot use port ${port} (${error.code ?? error.message}): stop what uses it, or set ${setting}.`, {
      cause: error,
    });
  });
}

/** Whether something accepts connections there. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, LOOPBACK);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, LOOPBACK, () => {
      const taken = (server.address() as AddressInfo).port;
      server.close(() => resolve(taken));
    });
  });
}
