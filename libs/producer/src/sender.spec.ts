import type { TopicBatch } from '#libs/bus';
import { eventually } from '#libs/testing';
import { NotPublished } from './failures.js';
import type { MadeRecord } from './make-record.js';
import { Sender, type SenderOptions } from './sender.js';

/** A broker in memory: takes a batch when it is told to, or at once. */
class Broker {
  readonly asked: TopicBatch[][] = [];
  readonly log: Record<string, string[]> = {};
  answer: (batches: readonly TopicBatch[]) => Promise<void> | void = () => undefined;

  readonly publish = async (batches: readonly TopicBatch[]): Promise<void> => {
    this.asked.push([...batches]);
    await this.answer(batches);
    for (const { topic, messages } of batches) (this.log[topic] ??= []).push(...messages.map(({ value }) => String(value)));
  };
}

const nothing = (): void => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function open(options: Partial<SenderOptions> = {}): { broker: Broker; sender: Sender } {
  const broker = new Broker();
  const limits = { lingerMs: 1, maxBatchBytes: 100_000, maxBufferedBytes: 1_000_000, maxBlockMs: 60_000, deliveryTimeoutMs: 60_000 };
  return { broker, sender: new Sender({ ...limits, topicPrefix: '', log: silent, publish: broker.publish, ...options }) };
}

function record(value: string, topic: MadeRecord['topic'] = 'crm.deal'): MadeRecord {
  return { id: `id-${value}`, type: 'deal.created', topic, key: 'tenant', headers: {}, value, madeMs: Date.now() };
}

/** As kafkajs wraps the answer of a broker. */
function refused(type: string): Error {
  return new Error('the request failed', { cause: Object.assign(new Error(type), { type }) });
}

const outcome = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => 'stored').catch((error: unknown) => error);

describe('what waits to be sent', () => {
  it('goes out in batches, in the order of the calls, with every topic of it in one request', async () => {
    const { broker, sender } = open({ lingerMs: 60_000, topicPrefix: 'eu.' });
    const all = ['a', 'b', 'c'].map((value) => sender.add(record(value)));
    const other = sender.add(record('x', 'crm.lead'));
    await sender.flush();
    await Promise.all([...all, other]);
    expect(broker.asked).toHaveLength(1);
    expect(broker.log).toEqual({ 'eu.crm.deal': ['a', 'b', 'c'], 'eu.crm.lead': ['x'] });
  });

  it('lingers no longer than it is told, and not at all when a batch is full', async () => {
    const { broker, sender } = open({ lingerMs: 20 });
    await sender.add(record('alone'));
    expect(broker.asked).toHaveLength(1);
    const full = open({ lingerMs: 60_000, maxBatchBytes: 1_000 });
    const first = full.sender.add(record('a'.repeat(600)));
    const second = full.sender.add(record('b'.repeat(600)));
    await first;
    await full.sender.close(60_000);
    await second;
  });

  it('grows into a batch while the one before is on its way', async () => {
    const { broker, sender } = open();
    let release: () => void = nothing;
    broker.answer = () => new Promise((resolve) => (release = resolve));
    const first = sender.add(record('a'));
    await eventually(() => broker.asked.length === 1, { describe: 'the first is on its way' });
    const others = ['b', 'c', 'd'].map((value) => sender.add(record(value)));
    broker.answer = nothing;
    release();
    await Promise.all([first, ...others]);
    expect(broker.asked.map((batches) => batches[0]?.messages.length)).toEqual([1, 3]);
  });

  it('carries the time of the call, however late it is sent', async () => {
    const { broker, sender } = open();
    const made = record('a');
    await sender.add({ ...made, madeMs: made.madeMs - 5_000 });
    expect(broker.asked[0]?.[0]?.messages[0]?.timestamp).toBe(String(made.madeMs - 5_000));
  });
});

describe('a full buffer', () => {
  it('lets callers wait until the broker has taken something', async () => {
    const { broker, sender } = open({ maxBufferedBytes: 500 });
    let release: () => void = nothing;
    broker.answer = () => new Promise((resolve) => (release = resolve));
    const first = sender.add(record('a'.repeat(400)));
    let hasRoom = false;
    const room = sender.whenRoom().then(() => (hasRoom = true));
    const second = sender.add(record('b'.repeat(400)));
    await eventually(() => broker.asked.length === 1, { describe: 'the first is on its way' });
    expect([hasRoom, sender.bufferedBytes <= 510]).toEqual([false, true]);
    broker.answer = nothing;
    release();
    await Promise.all([first, second, room]);
    expect(sender.bufferedBytes).toBe(0);
  });

  it('refuses, and says so, what found no room in time', async () => {
    const { broker, sender } = open({ maxBufferedBytes: 500, maxBlockMs: 10 });
    broker.answer = () => new Promise(nothing);
    void outcome(sender.add(record('a'.repeat(450))));
    const late = await outcome(sender.add(record('b'.repeat(450))));
    expect(late).toMatchObject({
      reason: 'buffer_full',
      mayBeStored: false,
      message: expect.stringContaining('maxBufferedBytes 500') as string,
    });
    await expect(sender.whenRoom()).rejects.toMatchObject({ reason: 'buffer_full' });
    await sender.close(1);
  });
});

describe('a broker that fails', () => {
  it('is asked again until it takes the events, in their order', async () => {
    const { broker, sender } = open();
    let failures = 2;
    broker.answer = () => {
      if (failures-- > 0) throw new Error('connect ECONNREFUSED');
    };
    const all = ['a', 'b', 'c'].map((value) => sender.add(record(value)));
    await Promise.all(all);
    expect(broker.log['crm.deal']).toEqual(['a', 'b', 'c']);
    expect(broker.asked.length).toBeGreaterThanOrEqual(3);
  });

  it('for one topic alone holds up no other', async () => {
    const { broker, sender } = open();
    broker.answer = (batches) => {
      if (batches.some(({ topic }) => topic === 'crm.lead')) throw refused('UNKNOWN_TOPIC_OR_PARTITION');
    };
    const stuck = outcome(sender.add(record('x', 'crm.lead')));
    await Promise.all([sender.add(record('a')), sender.add(record('b'))]);
    broker.answer = nothing;
    expect(await stuck).toBe('stored');
  });

  it('gives an event up at its deadline, and says that it may be stored all the same', async () => {
    const { broker, sender } = open({ deliveryTimeoutMs: 30 });
    broker.answer = () => new Promise(nothing);
    const given = await outcome(sender.add(record('a')));
    expect(given).toBeInstanceOf(NotPublished);
    expect(given).toMatchObject({ reason: 'timeout', eventId: 'id-a', mayBeStored: true });
    expect(String(given)).toContain('publish it again with the same id');
    expect(sender.bufferedBytes).toBe(0);
    await sender.close(1);
  });

  it('that takes no batch so large is given smaller ones; only what is too large alone is refused', async () => {
    const { broker, sender } = open({ lingerMs: 60_000 });
    broker.answer = (batches) => {
      const bytes = batches.flatMap(({ messages }) => messages).reduce((sum, { value }) => sum + String(value).length, 0);
      if (bytes > 10) throw refused('MESSAGE_TOO_LARGE');
    };
    const all = ['aaaa', 'bbbb', 'c'.repeat(20), 'dddd', 'eeee'].map((value) => outcome(sender.add(record(value))));
    await sender.flush();
    const [, , large] = await Promise.all(all);
    expect(large).toMatchObject({ reason: 'refused', mayBeStored: false, message: 'Kafka refuses it: MESSAGE_TOO_LARGE on crm.deal' });
    expect(broker.log['crm.deal']).toEqual(['aaaa', 'bbbb', 'dddd', 'eeee']);
  });

  it('that lets nobody in is not asked again', async () => {
    const { broker, sender } = open();
    broker.answer = () => {
      throw refused('SASL_AUTHENTICATION_FAILED');
    };
    const all = await Promise.all([outcome(sender.add(record('a'))), outcome(sender.add(record('b', 'crm.lead')))]);
    expect(all).toMatchObject([{ reason: 'refused' }, { reason: 'refused' }]);
    expect(broker.asked).toHaveLength(1);
  });
});

describe('the end', () => {
  it('waits for what was added, takes nothing more, and is the same twice', async () => {
    const { broker, sender } = open({ lingerMs: 60_000 });
    const before = sender.add(record('a'));
    await sender.close(60_000);
    await before;
    expect(broker.log['crm.deal']).toEqual(['a']);
    await expect(sender.add(record('b'))).rejects.toMatchObject({ reason: 'closed', mayBeStored: false });
    await sender.close(60_000);
  });

  it('waits no longer than it is told', async () => {
    const { broker, sender } = open();
    broker.answer = () => new Promise(nothing);
    const sent = outcome(sender.add(record('a')));
    await eventually(() => broker.asked.length === 1, { describe: 'it is on its way' });
    await sender.close(10);
    expect(await sent).toMatchObject({ reason: 'closed', mayBeStored: true });
  });

  it('of a flush does not wait for what is added later', async () => {
    const { broker, sender } = open({ lingerMs: 60_000 });
    const before = sender.add(record('a'));
    const flushed = sender.flush();
    const later = outcome(sender.add(record('b')));
    await Promise.all([flushed, before]);
    broker.answer = nothing;
    await sender.close(60_000);
    expect(await later).toBe('stored');
  });
});
