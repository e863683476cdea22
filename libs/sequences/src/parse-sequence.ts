import { DefinitionReader, LIMITS, type Fault, type ReadTrigger } from './definition-reader.js';
import { isAddress } from './is-address.js';
import { readHours } from './read-hours.js';
import { readStep } from './read-step.js';
import { DEFAULT_EXITS, EXIT_REASONS, type Exit, type NamedTrigger, type Sender, type Sequence, type Trigger } from './sequence.js';

export type ParsedSequence =
  { readonly outcome: 'sequence'; readonly sequence: Sequence } | { readonly outcome: 'refused'; readonly faults: readonly Fault[] };

const MEMBERS = ['id', 'name', 'enrollOn', 'steps', 'hours', 'exitOn', 'pauseOn', 'resumeOn', 'from'];
const SOME = [0, LIMITS.triggers] as const;

/**
 * Reads a sequence as JSON. What it accepts can be carried out; everything else is refused here, with a JSON Pointer, and never met
 * later. Does not throw, whatever it is given.
 */
export function parseSequence(value: unknown, readTrigger: ReadTrigger): ParsedSequence {
  const reader = new DefinitionReader(readTrigger);
  const sequence = readSequence(value, reader);
  return reader.faults.length === 0 ? { outcome: 'sequence', sequence } : { outcome: 'refused', faults: reader.faults };
}

function readSequence(value: unknown, reader: DefinitionReader): Sequence {
  const members = reader.object(value, '', MEMBERS);
  const steps = reader.list(members['steps'], '/steps', [1, LIMITS.steps], (step, at) => readStep(step, at, reader));
  steps.forEach(({ id }, i) => {
    if (steps.findIndex((step) => step.id === id) < i) reader.fault(`/steps/${i}/id`, 'is the id of an earlier step');
  });
  return {
    id: reader.id(members['id'], '/id'),
    name: reader.line(members['name'], '/name', LIMITS.nameLength),
    enrollOn: reader.list(members['enrollOn'], '/enrollOn', SOME, (trigger, at) => readPlain(trigger, at, reader)),
    steps,
    ...(members['hours'] !== undefined && { hours: readHours(members['hours'], '/hours', reader) }),
    exitOn:
      members['exitOn'] === undefined
        ? DEFAULT_EXITS
        : reader.list(members['exitOn'], '/exitOn', SOME, (exit, at) => readExit(exit, at, reader)),
    pauseOn: reader.list(members['pauseOn'], '/pauseOn', SOME, (trigger, at) => readNamed(trigger, at, reader)),
    resumeOn: reader.list(members['resumeOn'], '/resumeOn', SOME, (trigger, at) => readNamed(trigger, at, reader)),
    ...(members['from'] !== undefined && { from: readSender(members['from'], '/from', reader) }),
  };
}

function readPlain(value: unknown, pointer: string, reader: DefinitionReader): Trigger {
  return reader.trigger(reader.object(value, pointer, ['on', 'if']), pointer);
}

function readNamed(value: unknown, pointer: string, reader: DefinitionReader): NamedTrigger {
  const members = reader.object(value, pointer, ['name', 'on', 'if']);
  return { name: reader.line(members['name'], `${pointer}/name`, LIMITS.nameLength), ...reader.trigger(members, pointer) };
}

function readExit(value: unknown, pointer: string, reader: DefinitionReader): Exit {
  const members = reader.object(value, pointer, ['reason', 'on', 'if']);
  const reason = EXIT_REASONS.find((known) => known === members['reason']);
  if (reason === undefined) reader.fault(`${pointer}/reason`, `must be one of ${EXIT_REASONS.join(', ')}`);
  return { reason: reason ?? 'reply', ...reader.trigger(members, pointer) };
}

function readSender(value: unknown, pointer: string, reader: DefinitionReader): Sender {
  const members = reader.object(value, pointer, ['name', 'address']);
  const { address } = members;
  if (!isAddress(address)) reader.fault(`${pointer}/address`, 'must be an e-mail address');
  return {
    address: String(address),
    ...(members['name'] !== undefined && { name: reader.line(members['name'], `${pointer}/name`, LIMITS.nameLength) }),
  };
}
