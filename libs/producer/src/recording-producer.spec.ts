import { describeEventProducer, TENANT } from './event-producer.fixture.js';
import { recordingProducer } from './recording-producer.js';

const ORIGIN = { source: '/producers/spec', tenantId: TENANT };

describeEventProducer('the one that records', () => {
  const producer = recordingProducer(ORIGIN);
  return Promise.resolve({ producer, published: () => producer.events });
});

describe('the producer that records', () => {
  it('shows the parts of an event that a test asks for', async () => {
    const producer = recordingProducer(ORIGIN);
    await producer.publish('contact.tagged', { contact: 'contact-1', payload: { tag: 'vip' } });
    expect(producer.events).toMatchObject([
      { type: 'contact.tagged', tenantId: TENANT, entities: [{ type: 'contact', id: 'contact-1' }], payload: { tag: 'vip' } },
    ]);
  });

  it('fails when it is told to, as the real one does while Kafka is away', async () => {
    const producer = recordingProducer(ORIGIN);
    const publish = () => producer.publish('contact.tagged', { contact: 'contact-1', payload: { tag: 'vip' } });
    producer.failWith('timeout');
    await expect(publish()).rejects.toMatchObject({ name: 'NotPublished', reason: 'timeout' });
    producer.failWith(null);
    await publish();
    expect(producer.events).toHaveLength(1);
  });
});
