import kafkajs, { type TopicMessages } from 'kafkajs';
import { INPUT_TOPICS, type EntityRef, type EventType } from '#libs/contracts';
import { createProducer, type EventDraft, type EventProducer } from '#libs/producer';
import type { Fixtures } from '../fixtures.js';
import { generateEvents, STRUCTURED, type GeneratedRecord } from '../events/generate.js';
import { createTopics } from '../events/publish.js';
import { rounds } from '../measure/rounds.js';
import { medianOf, spreadOf } from '../measure/spread.js';
import type { Sizes } from '../options.js';
import { progress } from '../report/progress.js';
import type { Row } from '../report/print.js';
import type { PartResult } from './ingest-parts.js';

/** Topics of this part alone: nothing may be added to annals' own. */
const PREFIX = 'kit.';
const BATCH = 1_000;
/** They take turns after so many batches: what slows the machine for a while slows both. */
const TURN = 5;
/** With a batch of the comparison's size, and not before `flush`. */
const ONE_REQUEST = { lingerMs: 60_000, maxBatchBytes: 64 * 1024 * 1024, maxBufferedBytes: 64 * 1024 * 1024 };

interface Said {
  readonly type: EventType;
  readonly draft: EventDraft<EventType>;
}

interface Cost {
  readonly wallMs: number;
  readonly cpuMicros: number;
}

/** A batch of events, stored by all replicas when it resolves. */
type Publish = (batch: number) => Promise<unknown>;

/**
 * The kit, from what a subsystem says of an event to the acknowledgement, beside a bare producer of kafkajs, idempotent as well,
 * that is handed the finished texts of the same events, in the same batches, one after the other.
 */
export async function benchKit({ stack, sizes }: Fixtures): Promise<PartResult> {
  const count = Math.min(50_000, Math.round(sizes.ingest / 4));
  progress(`Making ${count.toLocaleString('en-US')} events for the producer kit`);
  const records = [...generateEvents({ count, seed: 77, untilMs: Date.now() })];
  await createTopics(
    stack,
    INPUT_TOPICS.map((topic) => PREFIX + topic),
  );
  const kafka = new kafkajs.Kafka({ brokers: [...stack.brokers], clientId: 'bare', logLevel: kafkajs.logLevel.NOTHING });
  const bare = kafka.producer({ idempotent: true, maxInFlightRequests: 1, createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  const kit = createProducer({ brokers: stack.brokers, source: '/producers/bench', topicPrefix: PREFIX, ...ONE_REQUEST });
  await bare.connect();
  try {
    const batches = Array.from({ length: Math.floor(count / BATCH) }, (_, i) => records.slice(i * BATCH, (i + 1) * BATCH));
    const said = batches.map((batch) => batch.map(saidOf));
    const texts = batches.map(messagesOf);
    return await compare(
      batches.length,
      (batch) => bare.sendBatch({ acks: -1, topicMessages: texts[batch] ?? [] }),
      (batch) => publishAll(kit, said[batch] ?? []),
      sizes,
    );
  } finally {
    await Promise.all([bare.disconnect(), kit.close()]);
  }
}

async function compare(batches: number, bare: Publish, kit: Publish, sizes: Sizes): Promise<PartResult> {
  await oneRound(Math.min(batches, 2 * TURN), bare, kit);
  const costs: { bare: Cost; kit: Cost }[] = [];
  for (const _ of rounds('Producer kit beside bare kafkajs', sizes, 60, 860)) costs.push(await oneRound(batches, bare, kit));
  const events = batches * BATCH;
  return {
    section: {
      title: `Publishing ${events.toLocaleString('en-US')} events in batches of ${BATCH.toLocaleString('en-US')}`,
      unit: 'events/s',
      rows: [
        rowOf(
          'the kit: made, checked, written, stored',
          costs.map(({ kit: cost }) => cost),
          events,
        ),
        rowOf(
          'bare kafkajs, with finished texts',
          costs.map(({ bare: cost }) => cost),
          events,
        ),
      ],
    },
    figures: { kitVsBareKafkajs: medianOf(costs.map((cost) => cost.bare.wallMs / cost.kit.wallMs)) },
  };
}

async function oneRound(batches: number, bare: Publish, kit: Publish): Promise<{ bare: Cost; kit: Cost }> {
  const sum = { bare: { wallMs: 0, cpuMicros: 0 }, kit: { wallMs: 0, cpuMicros: 0 } };
  for (let from = 0; from < batches; from += TURN) {
    for (const [name, publish] of [
      ['bare', bare],
      ['kit', kit],
    ] as const) {
      const [began, cpu] = [performance.now(), process.cpuUsage()];
      for (let batch = from; batch < Math.min(batches, from + TURN); batch++) await publish(batch);
      const { user, system } = process.cpuUsage(cpu);
      sum[name].wallMs += performance.now() - began;
      sum[name].cpuMicros += user + system;
    }
  }
  return sum;
}

async function publishAll(kit: EventProducer, said: readonly Said[]): Promise<void> {
  const stored = said.map(({ type, draft }) => kit.publish(type, draft));
  await kit.flush();
  await Promise.all(stored);
}

function rowOf(what: string, costs: readonly Cost[], events: number): Row {
  return {
    what,
    rate: spreadOf(costs.map(({ wallMs }) => (events / wallMs) * 1_000)),
    cpu: spreadOf(costs.map(({ cpuMicros }) => cpuMicros / events)),
  };
}

interface Parsed {
  readonly type: EventType;
  readonly tenantid: string;
  readonly time: string;
  readonly actortype: 'human' | 'system';
  readonly actorid: string;
  readonly traceparent?: string;
  readonly data: { readonly entities: readonly EntityRef[]; readonly payload: EventDraft<EventType>['payload'] };
}

/** What a subsystem would say to get this record. */
function saidOf({ value }: GeneratedRecord): Said {
  const { type, tenantid, time, actortype, actorid, traceparent, data } = JSON.parse(value) as Parsed;
  const actor = { type: actortype, id: actorid };
  return { type, draft: { tenantId: tenantid, time, actor, traceparent, entities: data.entities, payload: data.payload } };
}

function messagesOf(batch: readonly GeneratedRecord[]): TopicMessages[] {
  const topics = new Map<string, TopicMessages>();
  for (const { topic, key, value } of batch) {
    const of = topics.get(topic) ?? { topic: PREFIX + topic, messages: [] };
    topics.set(topic, of);
    of.messages.push({ key, value, headers: STRUCTURED });
  }
  return [...topics.values()];
}
