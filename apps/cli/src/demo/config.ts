import {
  defineConfig,
  kafkaCheck,
  kafkaVariables,
  logVariables,
  optionalVariable,
  portNumber,
  text,
  urlText,
  variable,
  wholeNumber,
} from '#libs/service';

export const DEFAULT_SEED = 'annals';

/** What the demo reads from its environment; `annals start` sets it. */
export const demoConfig = defineConfig(
  'demo',
  {
    DEMO_FILE: variable(text(), { description: 'File in which the demo remembers what it has told', default: './demo.json' }),
    DEMO_SEED: variable(text(), { description: 'The same seed tells the same story', default: DEFAULT_SEED }),
    DEMO_EVENTS_PER_SECOND: variable(wholeNumber(1, 1000), { description: 'Pace of the live events', default: '1' }),
    DEMO_WEBHOOK_URL: optionalVariable(urlText('http', 'https'), {
      description:
        'Email webhook that the demo calls back as its tenants’ providers; without it the demo publishes opens and clicks itself',
      example: 'http://127.0.0.1:3100',
    }),
    DEMO_WEBHOOKS: variable(text(), { description: 'File of the endpoints the demo signs for', default: './demo-webhooks.json' }),
    DEMO_SMTP_PORT: optionalVariable(portNumber(), {
      description: 'Port on which the demo takes what the sequence engine sends; without it the demo publishes nurture.* itself',
      example: '2525',
    }),
    DEMO_TRACKING_URL: optionalVariable(urlText('http', 'https'), {
      description: 'Where its readers may follow links to',
      example: 'http://127.0.0.1:3100',
    }),
    KAFKA_TOPIC_PREFIX: variable(text(), { description: 'What stands before the name of every topic', default: '' }),
    ...kafkaVariables,
    ...logVariables,
  },
  kafkaCheck,
);
