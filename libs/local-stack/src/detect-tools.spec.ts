import { NO_KAFKA_POSSIBLE, whyNoJvmKafka } from './detect-tools.js';

describe('a machine on which no Kafka can be started', () => {
  it.each([
    [{ java: null, maven: true }, 'Java is missing.'],
    [{ java: 11, maven: true }, 'Java 11 is too old.'],
    [{ java: 21, maven: false }, 'Maven (mvn) is missing.'],
  ])('%j: says what is missing and what to install', (tools, missing) => {
    expect(whyNoJvmKafka(tools)).toBe(`${missing} ${NO_KAFKA_POSSIBLE}`);
  });

  it('is not one with Java 17 and Maven', () => {
    expect(whyNoJvmKafka({ java: 17, maven: true })).toBeUndefined();
  });
});
