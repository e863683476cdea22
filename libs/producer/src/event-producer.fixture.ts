import type { EventProducer } from './event-producer.js';

/** What stands on a topic, or would. */
export interface Published {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly event: Readonly<Record<string, unknown>>;
}

/** A producer of the tenant `TENANT` and the source `/producers/spec`, and a look at what it has published. */
export interface Opened {
  readonly producer: EventProducer;
  readonly published: () => Promise<readonly Published[]> | readonly Published[];
}

export const TENANT = '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11';
const MOVED = { deal: 'deal-9', account: 'acc-1', payload: { fromStage: 'Proposal', toStage: 'Negotiation' } } as const;

/** What every producer of events promises; run against Kafka's and against the one of the tests. */
export function describeEventProducer(name: string, open: () => Promise<Opened>): void {
  describe(`${name} as a producer of events`, () => {
    let opened: Opened;
    beforeEach(async () => void (opened = await open()));
    afterEach(() => opened.producer.close());
    promisesOfPublishing(() => opened);
    promisesOfRefusing(() => opened);
  });
}

function promisesOfPublishing(opened: () => Opened): void {
  it('publishes a checked CloudEvent on the topic of its type, keyed by the tenant', async () => {
    const { producer, published } = opened();
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const time = '2026-01-05T14:30:00+01:00';
    const actor = { type: 'human', id: 'jane@example.com' } as const;
    const { id } = await producer.publish('deal.stage_changed', { ...MOVED, actor, time, traceparent });
    const [record] = await published();
    expect(record).toMatchObject({ topic: 'crm.deal', key: TENANT, headers: { traceparent } });
    expect(record?.headers['content-type']).toMatch(/^application\/cloudevents\+json/);
    expect(record?.event).toMatchObject({
      ...{ specversion: '1.0', id, source: '/producers/spec', type: 'deal.stage_changed', subject: 'deal/deal-9', time },
      ...{ tenantid: TENANT, actortype: 'human', actorid: 'jane@example.com', traceparent },
      data: { payload: MOVED.payload },
    });
  });

  it('gives every event an id of its own, or the one it is told', async () => {
    const { producer } = opened();
    const [one, other, own] = await Promise.all([
      producer.publish('deal.stage_changed', MOVED),
      producer.publish('deal.stage_changed', MOVED),
      producer.publish('deal.stage_changed', { ...MOVED, id: 'move-1' }),
    ]);
    expect(one.id).not.toBe(other.id);
    expect(own).toEqual({ id: 'move-1' });
  });

  it('keeps the order of the calls within a topic', async () => {
    const { producer, published } = opened();
    const ids = Array.from({ length: 200 }, (_, i) => `move-${i}`);
    await Promise.all(ids.map((id) => producer.publish('deal.stage_changed', { ...MOVED, id })));
    expect((await published()).map(({ event }) => event['id'])).toEqual(ids);
  });
}

function promisesOfRefusing(opened: () => Opened): void {
  it('publishes nothing that ingest would refuse, and names the field', async () => {
    const { producer, published } = opened();
    const { fromStage } = MOVED.payload;
    const half = { ...MOVED, payload: { fromStage } } as unknown as typeof MOVED;
    await expect(producer.publish('deal.stage_changed', half)).rejects.toMatchObject({
      ...{ name: 'InvalidEvent', reason: 'bad_payload', path: '/payload/toStage' },
    });
    expect(await published()).toEqual([]);
  });

  it("publishes a tenant's own types untyped", async () => {
    const { producer, published } = opened();
    await producer.publishCustom('custom.demo_held', { contact: 'contact-1', payload: { minutes: 30 } });
    expect(await published()).toMatchObject([{ topic: 'crm.custom', event: { type: 'custom.demo_held', subject: 'contact/contact-1' } }]);
    await expect(producer.publishCustom('custom.Demo', { contact: 'c', payload: {} })).rejects.toMatchObject({ reason: 'unknown_type' });
  });

  it('has everything stored after a flush, and takes nothing after the close', async () => {
    const { producer, published } = opened();
    const sent = producer.publish('deal.stage_changed', { ...MOVED, id: 'move-1' });
    await producer.flush();
    expect(await published()).toHaveLength(1);
    await sent;
    await producer.room();
    await producer.close();
    await expect(producer.publish('deal.stage_changed', MOVED)).rejects.toMatchObject({ name: 'NotPublished', reason: 'closed' });
  });
}
