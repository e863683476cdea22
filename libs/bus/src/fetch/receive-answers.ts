import type { Connection } from '../connect/cluster-internals.js';
import type { AnswerMemory } from './answer-memory.js';

/** Of an answer: its size, without this number, and whose answer it is. */
const [SIZE_BYTES, HEADER_BYTES] = [4, 8];

/** A large answer of which a part has come. */
interface Incoming {
  readonly room: Buffer;
  /** Bytes that are there. */
  filled: number;
}

/**
 * Has the connection put the pieces of a large answer where they will be read. kafkajs would join them once more, in memory that is new each time
 * and has to be cleared by the kernel first. What had come of an answer when the connection broke is dropped (see begin-connections-anew.ts).
 */
export function receiveAnswers(connection: Connection, memory: AnswerMemory): void {
  const receive = connection.processData.bind(connection);
  let { socket } = connection;
  let incoming: Incoming | undefined;
  connection.processData = (chunk) => {
    if (socket !== connection.socket) {
      incoming = undefined;
      ({ socket } = connection);
    }
    incoming ??= beginning(connection, chunk, memory);
    if (incoming === undefined) return receive(chunk);
    const { room, filled } = incoming;
    const copied = chunk.copy(room, filled);
    incoming.filled += copied;
    if (incoming.filled < room.length) return;
    incoming = undefined;
    const correlationId = room.readInt32BE(SIZE_BYTES);
    connection.requestQueue.fulfillRequest({ size: room.length - SIZE_BYTES, correlationId, payload: room.subarray(HEADER_BYTES) });
    if (copied < chunk.length) connection.processData(chunk.subarray(copied));
  };
}

/** Nothing if a large answer does not begin here. */
function beginning({ authHandlers, bytesBuffered }: Connection, chunk: Buffer, memory: AnswerMemory): Incoming | undefined {
  if (authHandlers !== null || bytesBuffered > 0 || chunk.length < SIZE_BYTES) return undefined;
  const room = memory.roomFor(SIZE_BYTES + chunk.readInt32BE(0));
  return room && { room, filled: 0 };
}
