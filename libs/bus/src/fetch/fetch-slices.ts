import type { BrokerInternals, ClusterInternals, ConnectionPool, FetchRequest, ProtocolExchange } from '../connect/cluster-internals.js';
import { AnswerMemory, type HeldAnswer } from './answer-memory.js';
import { Cursor } from './cursor.js';
import { FetchPace } from './fetch-pace.js';
import { type AbortedTransaction, type UnreadBatches, unreadBatches } from './read-batches.js';
import { receiveAnswers } from './receive-answers.js';

/** What one fetch brought of one partition. */
export interface FetchedPartition {
  readonly fetchOffset: bigint;
  readonly unread: UnreadBatches;
  /** Size on the wire. */
  readonly bytes: number;
  /** The broker does not have `fetchOffset`. */
  readonly isOutOfRange: boolean;
  /** To be called once nothing of it will be read again. */
  readonly release: () => void;
}

/** The single message that kafkajs sees of a partition's answer. */
interface CarrierMessage {
  readonly offset: string;
  readonly isControlRecord: false;
  readonly batchContext: object;
  readonly fetched: FetchedPartition;
}

const FETCH_VERSION = 11;
const OFFSET_OUT_OF_RANGE = 1;

/**
 * Makes the consumer of this cluster object fetch whole slices. kafkajs decodes record batches inside its protocol
 * layer: one batch that its codec refuses fails the whole answer, for ever, control and aborted records vanish
 * without a trace, and an offset out of range is reset silently. Here each partition's answer becomes a value,
 * carried through kafkajs as one message. Other consumers of the process are untouched.
 */
export function fetchSlices(cluster: ClusterInternals): void {
  const findBroker = cluster.findBroker.bind(cluster);
  const taught = new WeakSet<BrokerInternals>();
  cluster.findBroker = async (which) => {
    const broker = await findBroker(which);
    if (!taught.has(broker)) teach(broker);
    taught.add(broker);
    return broker;
  };
}

/** What {@link fetchSlices} put into a batch; undefined for a batch without data. */
export function fetchedOf(batch: { readonly messages: readonly object[] }): FetchedPartition | undefined {
  return (batch.messages[0] as CarrierMessage | undefined)?.fetched;
}

function teach(broker: BrokerInternals): void {
  const { fetch } = broker;
  const pace = new FetchPace();
  let memory: AnswerMemory | undefined;
  broker.fetch = async (request) => {
    await pace.next();
    const pool = broker.connectionPool;
    memory ??= answersOf(pool, request.maxBytes);
    const means = { request, pace, memory };
    const send = <T>(exchange: ProtocolExchange<T>) => pool.send({ ...exchange, response: sliceResponse(exchange, means) });
    const view = Object.create(broker, { connectionPool: { value: { send } } }) as BrokerInternals;
    return fetch.call(view, request);
  };
}

interface FetchMeans {
  readonly request: FetchRequest;
  readonly pace: FetchPace;
  readonly memory: AnswerMemory;
}

function answersOf({ pool }: ConnectionPool, fetchBytes: number): AnswerMemory {
  const memory = new AnswerMemory(fetchBytes);
  for (const connection of pool) receiveAnswers(connection, memory);
  return memory;
}

function sliceResponse<T>(exchange: ProtocolExchange<T>, { request, pace, memory }: FetchMeans): ProtocolExchange<T>['response'] {
  if (exchange.request.apiVersion !== FETCH_VERSION) throw new Error('annals needs Kafka 2.4 or newer');
  return {
    decode: (raw) => {
      pace.brought(raw.length);
      return Promise.resolve(decodeFetch(memory.keep(raw), request));
    },
    parse: (decoded) => exchange.response.parse(decoded),
  };
}

/** Fetch response, version 11, in the shape kafkajs goes on with. */
function decodeFetch(answer: HeldAnswer, asked: FetchRequest): object {
  const from = new Cursor(answer.bytes);
  const clientSideThrottleTime = from.int32();
  const errorCode = from.int16();
  const sessionId = from.int32();
  const responses = list(from, () => {
    const topicName = from.string() ?? '';
    const offsets = new Map(asked.topics.find(({ topic }) => topic === topicName)?.partitions.map((p) => [p.partition, p.fetchOffset]));
    return { topicName, partitions: list(from, () => decodePartition(from, offsets, answer)) };
  });
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

function decodePartition(from: Cursor, offsets: ReadonlyMap<number, string>, answer: HeldAnswer): object {
  const partition = from.int32();
  const errorCode = from.int16();
  const highWatermark = from.int64().toString();
  const lastStableOffset = from.int64().toString();
  const lastStartOffset = from.int64().toString();
  const aborted = list(from, (): AbortedTransaction => ({ producerId: from.int64(), firstOffset: from.int64() }));
  const preferredReadReplica = from.int32();
  const length = from.int32();
  const bytes = length > 0 ? from.take(length) : Buffer.alloc(0);
  const fetchOffset = BigInt(offsets.get(partition) ?? 0);
  const isOutOfRange = errorCode === OFFSET_OUT_OF_RANGE;
  const unread = unreadBatches(bytes, fetchOffset, aborted);
  const isTold = isOutOfRange || !unread.isEmpty;
  const messages = isTold ? [carrier({ fetchOffset, unread, bytes: bytes.length, isOutOfRange, release: answer.hold() })] : [];
  return {
    ...{ partition, errorCode: isOutOfRange ? 0 : errorCode, highWatermark, lastStableOffset, lastStartOffset },
    ...{ abortedTransactions: [], preferredReadReplica, messages },
  };
}

function carrier(fetched: FetchedPartition): CarrierMessage {
  const { fetchOffset, unread } = fetched;
  const last = unread.isEmpty ? fetchOffset : unread.nextOffset - 1n;
  return { offset: last.toString(), isControlRecord: false, batchContext: {}, fetched };
}

function list<T>(from: Cursor, item: () => T): T[] {
  return Array.from({ length: Math.max(0, from.int32()) }, item);
}
