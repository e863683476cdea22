import { createRequire } from 'node:module';
import fc from 'fast-check';
import type { Connection } from '../connect/cluster-internals.js';
import { AnswerMemory } from './answer-memory.js';
import { receiveAnswers } from './receive-answers.js';

const FETCH_BYTES = 1 << 20;
const [SMALL, LARGE] = [1_000, 100_000];

interface Answer {
  readonly correlationId: number;
  readonly payload: Buffer;
}

/** kafkajs' own connection, which never connects here. */
const KafkajsConnection = createRequire(import.meta.url)('kafkajs/src/network/connection') as new (options: object) => Connection;
const silent = { namespace: () => silent, debug: () => undefined, error: () => undefined, warn: () => undefined };

/** `joined`: the pieces that were left to kafkajs. */
function receiving() {
  const connection = new KafkajsConnection({ host: 'broker.example.com', port: 9092, logger: silent }) as Mutable<Connection>;
  const answers: Answer[] = [];
  connection.socket = {};
  connection.requestQueue = {
    fulfillRequest: ({ correlationId, payload }) => void answers.push({ correlationId, payload: Buffer.from(payload) }),
  };
  const joined: Buffer[] = [];
  const join = connection.processData.bind(connection);
  connection.processData = (chunk) => (joined.push(chunk), join(chunk));
  receiveAnswers(connection, new AnswerMemory(FETCH_BYTES));
  return { connection, answers, joined };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function onWire({ correlationId, payload }: Answer): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(4 + payload.length, 0);
  head.writeInt32BE(correlationId, 4);
  return Buffer.concat([head, payload]);
}

const answerOf = (correlationId: number, length: number): Answer => ({ correlationId, payload: Buffer.alloc(length, correlationId + 1) });

test('answers of all sizes arrive whole and in order, wherever the network cuts them', () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: SMALL }), fc.integer({ min: LARGE, max: 2 * LARGE })), { maxLength: 6 });
  const firstPieces = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: LARGE })), { maxLength: 30 });
  fc.assert(
    fc.property(sizes, firstPieces, (lengths, pieces) => {
      const { connection, answers } = receiving();
      const sent = lengths.map((length, i) => answerOf(i, length));
      for (const piece of cut(Buffer.concat(sent.map(onWire)), pieces)) connection.processData(piece);
      expect(answers.map(onWire).map((wire, i) => wire.equals(onWire(sent[i] as Answer)))).toEqual(sent.map(() => true));
    }),
  );
});

/** In pieces of these lengths, and whatever is left in one. */
function cut(wire: Buffer, lengths: readonly number[]): Buffer[] {
  const [first = wire.length, ...others] = lengths;
  return wire.length === 0 ? [] : [wire.subarray(0, first), ...cut(wire.subarray(first), others)];
}

test('a large answer is put together in memory that is used again, a small one as kafkajs does', () => {
  const { connection, answers, joined } = receiving();
  const [small, large] = [onWire(answerOf(1, SMALL)), onWire(answerOf(2, LARGE))];
  connection.processData(small);
  connection.processData(large.subarray(0, 30_000));
  connection.processData(large.subarray(30_000));
  expect(answers.map(({ correlationId }) => correlationId)).toEqual([1, 2]);
  expect(joined).toHaveLength(1);
});

test('what had come of a large answer is dropped when the connection breaks', () => {
  const { connection, answers } = receiving();
  connection.processData(onWire(answerOf(1, LARGE)).subarray(0, 50_000));
  connection.socket = {};
  connection.processData(onWire(answerOf(2, LARGE)));
  expect(answers.map(({ correlationId }) => correlationId)).toEqual([2]);
});

test('what is said while the connection logs in is left to kafkajs', () => {
  const { connection, answers, joined } = receiving();
  const told: Buffer[] = [];
  connection.authHandlers = { onSuccess: (raw: Buffer) => told.push(raw) };
  connection.processData(onWire(answerOf(1, LARGE)));
  expect([told.length, answers.length]).toEqual([1, 0]);
  expect(joined).toHaveLength(1);
});
