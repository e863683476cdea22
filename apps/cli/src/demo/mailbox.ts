import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A message as it arrived. */
export interface ArrivedMail {
  /** Address of the sender, who stands for a tenant. */
  readonly from: string;
  readonly to: string;
  /** Without angle brackets. */
  readonly messageId: string;
  readonly subject: string;
  /** Headers and body as they came, quoted-printable undone. */
  readonly text: string;
}

export interface Mailbox {
  close(): Promise<void>;
}

const LARGEST_BYTES = 1_000_000;

/** The mail server of everybody in the story: takes what is sent on this machine's own port, hands it over, and keeps nothing. */
export async function openMailbox(port: number, onMail: (mail: ArrivedMail) => void): Promise<Mailbox> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    void converse(socket, onMail).catch(() => socket.destroy());
  });
  await new Promise<void>((listening, failed) => void server.once('error', failed).listen(port, '127.0.0.1', listening));
  return {
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** As much of SMTP (RFC 5321) as a sender without extensions needs. */
async function converse(socket: Socket, onMail: (mail: ArrivedMail) => void): Promise<void> {
  const say = (line: string): unknown => socket.write(`${line}\r\n`);
  let envelope = { from: '', to: '' };
  let body: string[] | undefined;
  let bytes = 0;
  say('220 demo.example.com');
  for await (const line of createInterface({ input: socket, crlfDelay: Infinity })) {
    if (body !== undefined) {
      bytes += line.length;
      if (bytes > LARGEST_BYTES) return void socket.destroy();
      if (line !== '.') body.push(line.startsWith('.') ? line.slice(1) : line);
      else {
        onMail({ ...envelope, ...contentOf(body) });
        body = undefined;
        say('250 taken');
      }
      continue;
    }
    const [, verb = '', address = ''] = /^(\w+)[^<]*(?:<([^>]*)>)?/.exec(line) ?? [];
    switch (verb.toUpperCase()) {
      case 'DATA':
        [body, bytes] = [[], 0];
        say('354 go on');
        break;
      case 'QUIT':
        socket.end('221 bye\r\n');
        return;
      case 'MAIL':
        envelope = { from: address, to: '' };
        say('250 ok');
        break;
      case 'RCPT':
        envelope = { ...envelope, to: address };
        say('250 ok');
        break;
      default:
        say('250 ok');
    }
  }
}

function contentOf(lines: readonly string[]): Pick<ArrivedMail, 'messageId' | 'subject' | 'text'> {
  const text = lines.join('\n').replaceAll('=\n', '').replaceAll('=3D', '=');
  const header = (pattern: RegExp): string => pattern.exec(text)?.[1] ?? '';
  return { messageId: header(/^message-id:\s*<([^>]+)>/im), subject: header(/^subject: (.*)$/im), text };
}
