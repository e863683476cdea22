import {
  databaseCheck,
  databaseVariables,
  defineConfig,
  kafkaCheck,
  kafkaVariables,
  logVariables,
  optionalVariable,
  portNumber,
  text,
  topicPrefix,
  variable,
  wholeNumber,
  type ConfigCheck,
  type ConfigOf,
} from '#libs/service';

const secretCheck: ConfigCheck = ({ TRACKING_SECRET: secret }) =>
  typeof secret === 'string' && Buffer.byteLength(secret) < 32
    ? [{ variable: 'TRACKING_SECRET', message: 'must be at least 32 bytes long' }]
    : [];

/** Everything the email webhook reads from its environment. */
export const webhookConfig = defineConfig(
  'email-webhook',
  {
    WEBHOOK_HOST: variable(text(), { description: 'Address that the webhook is served on', default: '0.0.0.0' }),
    WEBHOOK_PORT: variable(portNumber(), { description: 'Port that the webhook is served on; 0 takes a free one', default: '3100' }),
    WEBHOOKS_CONFIG: optionalVariable(text(), {
      description: 'JSON file of the endpoints: tenant, provider and what verifies its callbacks; read again when it changes',
      example: '/etc/annals/webhooks.json',
    }),
    WEBHOOK_BODY_BYTES: variable(wholeNumber(1024, 33_554_432), { description: 'Largest callback accepted', default: '2097152' }),
    TRACKING_SECRET: optionalVariable(text(), {
      description: 'Key of tracking links, 32 bytes or more, the same wherever links are made; without it /t/ answers 404',
      secret: true,
    }),
    ...kafkaVariables,
    KAFKA_CLIENT_ID: variable(text(), { description: 'How the webhook names itself to Kafka', default: 'annals-email-webhook' }),
    KAFKA_TOPIC_PREFIX: topicPrefix(),
    ...databaseVariables('WEBHOOK', 5),
    ...logVariables,
  },
  kafkaCheck,
  databaseCheck('WEBHOOK'),
  secretCheck,
);

export type WebhookConfig = ConfigOf<typeof webhookConfig>;
