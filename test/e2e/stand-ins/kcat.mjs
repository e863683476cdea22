// Stands in for kcat where it is not installed: as much of `kcat -P` as docs/producing-other-languages.md uses.
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import kafkajs from 'kafkajs';

process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1';
const option = (short, multiple = false) => ({ type: 'string', short, multiple });
const { values } = parseArgs({
  options: {
    produce: { type: 'boolean', short: 'P' },
    b: option('b'),
    t: option('t'),
    k: option('k'),
    H: option('H', true),
    X: option('X', true),
  },
});
if (!values.produce) throw new Error('only kcat -P is known here');

const headers = (values.H ?? []).map((header) => [header.slice(0, header.indexOf('=')), header.slice(header.indexOf('=') + 1)]);
const lines = (await text(process.stdin)).split('\n').filter((line) => line !== '');
const kafka = new kafkajs.Kafka({ brokers: values.b.split(','), clientId: 'kcat', logLevel: kafkajs.logLevel.NOTHING });
const producer = kafka.producer({ allowAutoTopicCreation: false });
await producer.connect();
await producer.send({
  topic: values.t,
  acks: -1,
  messages: lines.map((value) => ({ key: values.k ?? null, value, headers: Object.fromEntries(headers) })),
});
await producer.disconnect();
