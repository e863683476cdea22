import type { Duplex } from 'node:stream';
import type pg from 'pg';

/** The part of pg's connection that is needed here. */
interface WireConnection {
  readonly stream: Duplex;
  query(text: string): void;
}

/**
 * A simple query with COPY … FROM STDIN among its statements, whose data is sent right behind it without waiting for the server to ask:
 * the whole write is one round trip. If a statement fails the server ignores the rest, the data too.
 */
class CopyQuery {
  constructor(
    private readonly text: string,
    private readonly messages: readonly Buffer[],
    private readonly done: (error: Error | null) => void,
  ) {}

  submit(connection: WireConnection): null {
    connection.stream.cork();
    connection.query(this.text);
    for (const message of this.messages) connection.stream.write(message);
    connection.stream.uncork();
    return null;
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}

  handleError(error: Error): void {
    this.done(error);
  }

  handleReadyForQuery(): void {
    this.done(null);
  }
}

/** `messages` must not change until this settles. */
export function queryWithCopyData(client: pg.ClientBase, text: string, messages: readonly Buffer[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const query = new CopyQuery(text, messages, (error) => {
      if (error === null) resolve();
      else reject(error);
    });
    client.query(query as unknown as pg.Submittable);
  });
}
