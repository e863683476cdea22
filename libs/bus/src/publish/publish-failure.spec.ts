import kafkajs from 'kafkajs';
import { publishFailure } from './publish-failure.js';

const { KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError, KafkaJSConnectionError } = kafkajs;

/** As a producer of kafkajs gives up. */
function givenUp(cause: Error): Error {
  return new KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 2, retryTime: 100 });
}
const answered = (type: string, retriable = false) =>
  new KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 1, retriable }));

describe('what a failed publish says of the next try', () => {
  it.each([
    ['MESSAGE_TOO_LARGE', { outlook: 'smaller', ofTopic: true }],
    ['TOPIC_AUTHORIZATION_FAILED', { outlook: 'never', ofTopic: true }],
    ['CLUSTER_AUTHORIZATION_FAILED', { outlook: 'never', ofTopic: false }],
    ['UNKNOWN_TOPIC_OR_PARTITION', { outlook: 'later', ofTopic: true }],
    ['OUT_OF_ORDER_SEQUENCE_NUMBER', { outlook: 'later', ofTopic: true }],
  ])('is read from the broker’s answer %s, however deep it lies', (reason, expected) => {
    expect(publishFailure(givenUp(answered(reason)))).toEqual({ ...expected, reason });
    expect(publishFailure(answered(reason))).toEqual({ ...expected, reason });
  });

  it('is later where no broker has answered, and never where it knows us not', () => {
    expect(publishFailure(givenUp(new KafkaJSConnectionError('connect ECONNREFUSED')))).toEqual({ outlook: 'later', ofTopic: false });
    expect(publishFailure(new Error('other'))).toEqual({ outlook: 'later', ofTopic: false });
    expect(publishFailure(Object.assign(new Error('no'), { name: 'KafkaJSSASLAuthenticationError' }))).toMatchObject({
      outlook: 'never',
      ofTopic: false,
    });
  });
});
