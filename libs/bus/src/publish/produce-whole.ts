import type { Kafka } from 'kafkajs';
import type { BrokerInternals, ClusterInternals, ProtocolExchange } from '../connect/cluster-internals.js';
import { encodeProduce, GZIP, PRODUCE_VERSIONS, type ProduceRequest } from './encode-produce.js';

type ProducingBroker = BrokerInternals & { produce: (this: BrokerInternals, request: ProduceRequest) => Promise<unknown> };

/**
 * Makes the producers of this client write their requests with `encodeProduce`. Batches compressed by anything but gzip, or of a
 * transaction, stay with kafkajs, and so does everything else: leaders, sequence numbers, retries, what the answer means.
 */
export function produceWhole(kafka: Kafka): Kafka {
  const inner = kafka as unknown as Record<symbol, (options: object) => ClusterInternals>;
  const key = Object.getOwnPropertySymbols(kafka).find((symbol) => symbol.description === 'private:Kafka:createCluster');
  const create = key && inner[key];
  if (!create) throw new Error('this kafkajs is not the version the bus was written for');
  inner[key] = (options) => taught(create(options));
  return kafka;
}

function taught(cluster: ClusterInternals): ClusterInternals {
  const findBroker = cluster.findBroker.bind(cluster);
  const known = new WeakSet<BrokerInternals>();
  cluster.findBroker = async (which) => {
    const broker = (await findBroker(which)) as ProducingBroker;
    if (!known.has(broker)) teach(broker);
    known.add(broker);
    return broker;
  };
  return cluster;
}

function teach(broker: ProducingBroker): void {
  const { produce } = broker;
  broker.produce = (asked) => {
    if ((asked.compression ?? 0) > GZIP || asked.transactionalId) return produce.call(broker, asked);
    const pool = broker.connectionPool;
    const send = <T>(exchange: ProtocolExchange<T>) => pool.send({ ...exchange, request: wholeRequest(exchange.request, asked) });
    const view = Object.create(broker, { connectionPool: { value: { send } } }) as BrokerInternals;
    return produce.call(view, asked);
  };
}

function wholeRequest<T>(request: ProtocolExchange<T>['request'], asked: ProduceRequest): ProtocolExchange<T>['request'] {
  const { oldest, newest } = PRODUCE_VERSIONS;
  if (request.apiVersion < oldest || request.apiVersion > newest) return request;
  const encode = async () => {
    const buffer = await encodeProduce(asked, Date.now());
    return { buf: buffer, buffer };
  };
  return { ...request, encode };
}
