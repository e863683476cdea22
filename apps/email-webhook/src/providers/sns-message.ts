import { objectOf, textOf } from './json-values.js';

/** What SNS posts. https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
export interface SnsMessage {
  readonly type: string;
  readonly messageId: string;
  readonly topicArn: string;
  readonly message: string;
  readonly signature: string;
  readonly signatureVersion: string;
  readonly certificateUrl: string;
  readonly subscribeUrl: string | undefined;
  /** The exact text that is signed. */
  readonly signed: string;
}

const NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
const CONFIRMATION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];

/** `undefined`: not a message of SNS. */
export function snsMessageOf(json: unknown): SnsMessage | undefined {
  const fields = objectOf(json);
  const text = (name: string): string => textOf(fields[name]) ?? '';
  const [type, messageId, topicArn, message] = [text('Type'), text('MessageId'), text('TopicArn'), text('Message')];
  if (type === '' || messageId === '' || topicArn === '' || message === '') return undefined;
  const members = (type === 'Notification' ? NOTIFICATION : CONFIRMATION).filter((name) => typeof fields[name] === 'string');
  return {
    type,
    messageId,
    topicArn,
    message,
    signature: text('Signature'),
    signatureVersion: text('SignatureVersion'),
    certificateUrl: text('SigningCertURL'),
    subscribeUrl: textOf(fields['SubscribeURL']),
    signed: members.map((name) => `${name}\n${String(fields[name])}\n`).join(''),
  };
}

/** Only these hosts belong to SNS: no certificate is read from, and no subscription confirmed at, any other. */
export function isSnsUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    url.protocol === 'https:' &&
    url.port === '' &&
    url.username === '' &&
    url.password === '' &&
    /^sns\.[a-z]{2}(-[a-z]+)+-\d\.amazonaws\.com(\.cn)?$/.test(url.hostname)
  );
}

export function isCertificateUrl(text: string): boolean {
  return isSnsUrl(text) && /^\/SimpleNotificationService-[A-Za-z0-9-]+\.pem$/.test(URL.parse(text)?.pathname ?? '');
}
