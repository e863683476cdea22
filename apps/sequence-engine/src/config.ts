import {
  databaseCheck,
  databaseVariables,
  defineConfig,
  healthPortVariables,
  kafkaCheck,
  kafkaVariables,
  logVariables,
  optionalVariable,
  text,
  topicPrefix,
  urlText,
  variable,
  wholeNumber,
  type ConfigCheck,
  type ConfigOf,
} from '#libs/service';
import { isAddress } from '#libs/sequences';

const mailCheck: ConfigCheck = ({ SMTP_URL: smtp, SEQUENCE_FROM: from, TRACKING_SECRET: secret, TRACKING_URL: url }) => [
  ...(typeof smtp === 'string' && from === undefined ? [{ variable: 'SEQUENCE_FROM', message: 'is needed with SMTP_URL' }] : []),
  ...(from !== undefined && !isAddress(from) ? [{ variable: 'SEQUENCE_FROM', message: 'must be an e-mail address' }] : []),
  ...(typeof secret === 'string' && Buffer.byteLength(secret) < 32
    ? [{ variable: 'TRACKING_SECRET', message: 'must be at least 32 bytes long' }]
    : []),
  ...(url !== undefined && secret === undefined ? [{ variable: 'TRACKING_SECRET', message: 'is needed with TRACKING_URL' }] : []),
];

/** Everything the sequence engine reads from its environment. */
export const sequenceConfig = defineConfig(
  'sequence-engine',
  {
    SMTP_URL: optionalVariable(urlText('smtp', 'smtps'), {
      description: 'Where messages leave; left out: steps by email wait',
      example: 'smtps://user:password@mail.example.com',
      secret: true,
    }),
    SEQUENCE_FROM: optionalVariable(text(), {
      description: 'Sender of messages whose sequence names none',
      example: 'hello@example.com',
    }),
    SEQUENCE_SMTP_CONNECTIONS: variable(wholeNumber(1, 100), { description: 'Messages that leave at once', default: '5' }),
    SEQUENCE_SMTP_ATTEMPTS: variable(wholeNumber(1, 1000), {
      description: 'Attempts at a message that cannot leave now, before its step has failed; the later ones are an hour apart',
      default: '24',
    }),
    TRACKING_URL: optionalVariable(urlText('http', 'https'), {
      description: 'Where the email webhook is reached from outside; left out: opens and clicks are not tracked',
      example: 'https://mail.example.com',
    }),
    TRACKING_SECRET: optionalVariable(text(), { description: 'As the email webhook has it; 32 bytes or more', secret: true }),
    ...kafkaVariables,
    KAFKA_CLIENT_ID: variable(text(), { description: 'How the engine names itself to Kafka', default: 'annals-sequence-engine' }),
    KAFKA_TOPIC_PREFIX: topicPrefix(),
    ...databaseVariables('SEQUENCES', 5),
    ...healthPortVariables(3004),
    ...logVariables,
  },
  kafkaCheck,
  databaseCheck('SEQUENCES'),
  mailCheck,
);

export type SequenceConfig = ConfigOf<typeof sequenceConfig>;
