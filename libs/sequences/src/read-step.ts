import { given, LIMITS, type DefinitionReader } from './definition-reader.js';
import { minutesOf } from './due-at.js';
import { unknownBlanks } from './fill-template.js';
import type { Delay, EmailStep, Step } from './sequence.js';

const MEMBERS = ['id', 'channel', 'delay', 'templateId', 'subject', 'text', 'html'];

export function readStep(value: unknown, pointer: string, reader: DefinitionReader): Step {
  const members = reader.object(value, pointer, MEMBERS);
  const { channel, templateId, text } = members;
  const all = {
    id: reader.id(members['id'], `${pointer}/id`),
    delay: readDelay(members['delay'], `${pointer}/delay`, reader),
    ...given({ templateId: templateId === undefined ? undefined : reader.line(templateId, `${pointer}/templateId`, LIMITS.nameLength) }),
  };
  const written = given({ text: text === undefined ? undefined : reader.text(text, `${pointer}/text`, LIMITS.textLength) });
  if (channel === 'email') return { ...all, channel, ...written, ...readMail(members, pointer, reader) };
  if (channel !== 'task' && channel !== 'call') reader.fault(`${pointer}/channel`, 'must be one of email, task, call');
  for (const name of ['subject', 'html']) {
    if (members[name] !== undefined) reader.fault(`${pointer}/${name}`, 'belongs to a step by email');
  }
  return { ...all, channel: channel === 'call' ? 'call' : 'task', ...written };
}

function readMail(
  members: Readonly<Record<string, unknown>>,
  pointer: string,
  reader: DefinitionReader,
): Pick<EmailStep, 'subject' | 'html'> {
  const { text, html } = members;
  if (text === undefined && html === undefined) reader.fault(`${pointer}/text`, 'or html is needed in a step by email');
  for (const name of ['subject', 'text', 'html']) {
    const unknown = unknownBlanks(members[name]);
    if (unknown.length > 0) reader.fault(`${pointer}/${name}`, `asks for ${unknown.join(', ')}; known are {{name}} and {{firstName}}`);
  }
  return {
    subject: reader.line(members['subject'], `${pointer}/subject`, LIMITS.subjectLength),
    ...given({ html: html === undefined ? undefined : reader.text(html, `${pointer}/html`, LIMITS.htmlLength) }),
  };
}

function readDelay(value: unknown, pointer: string, reader: DefinitionReader): Delay {
  const members = reader.object(value, pointer, ['days', 'hours', 'minutes']);
  const part = (name: string): number | undefined =>
    members[name] === undefined ? undefined : reader.wholeNumber(members[name], `${pointer}/${name}`, [0, LIMITS.delayMinutes]);
  const delay = given({ days: part('days'), hours: part('hours'), minutes: part('minutes') });
  if (minutesOf(delay) > LIMITS.delayMinutes) reader.fault(pointer, 'must not be longer than a year');
  return delay;
}
