import { TOPICS } from '#libs/contracts';
import { topicSpecs } from './topic-specs.js';

describe('the topics', () => {
  const specs = topicSpecs({ partitions: 3, prefix: 'try.' });

  it('are all of the contracts, with the prefix', () => {
    expect(specs.map(({ topic }) => topic)).toEqual(TOPICS.map((topic) => `try.${topic}`));
  });

  it('take records of 6 MB, and dead letters of 8', () => {
    const sizeOf = (topic: string) => specs.find((spec) => spec.topic === topic)?.maxMessageBytes;
    expect(sizeOf('try.crm.web')).toBe(6 * 1024 * 1024);
    expect(sizeOf('try.annals.dlq')).toBe(8 * 1024 * 1024);
  });

  it('leave the number of copies to the brokers unless told', () => {
    expect(specs.every((spec) => spec.replicationFactor === undefined)).toBe(true);
    expect(topicSpecs({ partitions: 3, replicationFactor: 1, prefix: '' })[0]?.replicationFactor).toBe(1);
  });
});
