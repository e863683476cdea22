import { defineConfig, kafkaCheck, kafkaVariables, logVariables, text, variable, wholeNumber } from '#libs/service';

/** What the demo reads from its environment; `annals start` sets it. */
export const demoConfig = defineConfig(
  'demo',
  {
    DEMO_FILE: variable(text(), { description: 'File in which the demo remembers what it has told', default: './demo.json' }),
    DEMO_SEED: variable(text(), { description: 'The same seed tells the same story', default: 'annals' }),
    DEMO_EVENTS_PER_SECOND: variable(wholeNumber(1, 1000), { description: 'Pace of the live events', default: '3' }),
    KAFKA_TOPIC_PREFIX: variable(text(), { description: 'What stands before the name of every topic', default: '' }),
    ...kafkaVariables,
    ...logVariables,
  },
  kafkaCheck,
);
