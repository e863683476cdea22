import { buffer } from 'node:stream/consumers';
import type { AddressInfo, Server } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  readonly to: readonly string[];
  readonly messageId: string;
  readonly raw: string;
}

type Answer = (error?: Error | null) => void;

/** A real SMTP server in this process; what it answers can be changed while it runs. */
export class TestSmtp {
  readonly received: ReceivedMail[] = [];
  /** To the envelope; `undefined`: it takes it. */
  refusal: ((to: string) => { readonly code: number } | undefined) | undefined;
  /** Called with everything of the message in hand; left out: it is taken. */
  onMessage: ((mail: ReceivedMail, answer: Answer) => void) | undefined;
  private constructor(private readonly server: SMTPServer) {}

  static async start(options: SMTPServerOptions = {}, port = 0): Promise<TestSmtp> {
    const late: { smtp?: TestSmtp } = {};
    const server = new SMTPServer({
      ...{ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], closeTimeout: 50 },
      onRcptTo: ({ address }, _, callback) => {
        const refusal = late.smtp?.refusal?.(address);
        callback(refusal && Object.assign(new Error('not for you'), { responseCode: refusal.code }));
      },
      onData: (stream, session, callback) => {
        void buffer(stream).then((content) => {
          const raw = content.toString('utf8');
          const mail = {
            ...{ raw, to: session.envelope.rcptTo.map(({ address }) => address) },
            messageId: /^Message-ID: <(.*)>\r$/im.exec(raw)?.[1] ?? '',
          };
          const answer: Answer = (error) => {
            if (!error) late.smtp?.received.push(mail);
            callback(error);
          };
          if (late.smtp?.onMessage) late.smtp.onMessage(mail, answer);
          else answer();
        }, callback);
      },
      ...options,
    });
    // clients that are killed end their connections without a word
    server.on('error', () => undefined);
    late.smtp = new TestSmtp(server);
    await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
    return late.smtp;
  }

  get port(): number {
    return ((this.server as unknown as { server: Server }).server.address() as AddressInfo).port;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** Also what is connected. */
  close(): Promise<void> {
    for (const connection of (this.server as unknown as { connections: Set<{ _socket: { destroy(): void } }> }).connections) {
      connection._socket.destroy();
    }
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
