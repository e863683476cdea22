import type { Readable } from 'node:stream';
import nodemailer from 'nodemailer';
import type { Message } from './message-of.js';

/**
 * `refused`: for good. `later`: it did not leave for sure, and may another time. `unsure`: the connection broke while it was leaving.
 */
export type SendOutcome = 'sent' | 'refused' | 'later' | 'unsure';

export interface Mailer {
  /** Does not reject. */
  send(message: Message): Promise<SendOutcome>;
  close(): void;
}

export interface MailerOptions {
  /** smtp or smtps, with credentials. */
  readonly url: string;
  readonly connections: number;
  /** Told what kind of failure it was, never about whom. */
  readonly onFailure: (code: string) => void;
  /** Milliseconds that each answer of the server may take; 30,000 when left out. */
  readonly answerMs?: number;
}

const CONNECT_MS = 10_000;

/** Leaves by SMTP over a few connections that are kept. What becomes of a message is decided by what the server has seen of it. */
export function openMailer({ url, connections, onFailure, answerMs = 30_000 }: MailerOptions): Mailer {
  const transport = nodemailer.createTransport({
    ...{ url, pool: true, maxConnections: connections },
    // a message that may have left is not put into the queue again behind our back
    maxRequeues: 0,
    ...{ connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, socketTimeout: answerMs },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  const streams = new Map<string, Readable>();
  transport.use('stream', (mail, done) => {
    const node = mail.message;
    if (node) {
      const make = node.createReadStream.bind(node);
      node.createReadStream = (...options) => {
        const stream = make(...options);
        streams.set(node.messageId(), stream);
        return stream;
      };
    }
    done();
  });
  return {
    async send({ messageId, ...message }) {
      const id = `<${messageId}>`;
      try {
        await transport.sendMail({
          ...message,
          messageId: id,
          from: mailbox(message.from),
          to: mailbox(message.to),
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return 'sent';
      } catch (error) {
        const failure = error as Failure;
        onFailure(failure.code ?? 'unknown');
        return outcomeOf(failure, streams.get(id)?.readableDidRead === true);
      } finally {
        streams.delete(id);
      }
    },
    close: () => transport.close(),
  };
}

const mailbox = ({ name, address }: Message['to']): { name: string; address: string } => ({ name: name ?? '', address });

export interface Failure {
  readonly code?: string;
  readonly responseCode?: number;
}

/** `began`: the server may have seen some of the message. */
export function outcomeOf({ code, responseCode }: Failure, began: boolean): SendOutcome {
  // what the server says of this message or its envelope; of the session (a login, a greeting) it says it of all messages
  if (code === 'EENVELOPE' || code === 'EMESSAGE') {
    if (responseCode !== undefined) return responseCode >= 500 ? 'refused' : 'later';
    return began ? 'unsure' : 'refused';
  }
  return began ? 'unsure' : 'later';
}
