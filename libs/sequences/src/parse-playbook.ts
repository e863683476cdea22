import { DefinitionReader, LIMITS, type Fault, type ReadTrigger } from './definition-reader.js';
import type { Playbook, PlaybookAction } from './playbook.js';

export type ParsedPlaybook =
  { readonly outcome: 'playbook'; readonly playbook: Playbook } | { readonly outcome: 'refused'; readonly faults: readonly Fault[] };

/** As `parseSequence`. */
export function parsePlaybook(value: unknown, readTrigger: ReadTrigger): ParsedPlaybook {
  const reader = new DefinitionReader(readTrigger);
  const members = reader.object(value, '', ['id', 'name', 'on', 'if', 'actions']);
  const playbook = {
    id: reader.id(members['id'], '/id'),
    name: reader.line(members['name'], '/name', LIMITS.nameLength),
    ...reader.trigger(members, ''),
    actions: reader.list(members['actions'], '/actions', [1, LIMITS.actions], (action, at) => readAction(action, at, reader)),
  };
  return reader.faults.length === 0 ? { outcome: 'playbook', playbook } : { outcome: 'refused', faults: reader.faults };
}

function readAction(value: unknown, pointer: string, reader: DefinitionReader): PlaybookAction {
  const action = reader.object(value, pointer, ['note', 'tag', 'enroll']);
  const [kind, ...others] = Object.keys(action);
  if (kind === undefined || others.length > 0) reader.fault(pointer, 'must be one of note, tag, enroll');
  const member = (name: string): unknown => reader.object(action[kind ?? ''], `${pointer}/${kind}`, [name])[name];
  switch (kind) {
    case 'tag':
      return { tag: { tag: reader.line(member('tag'), `${pointer}/tag/tag`, LIMITS.nameLength) } };
    case 'enroll':
      return { enroll: { sequence: reader.id(member('sequence'), `${pointer}/enroll/sequence`) } };
    default:
      return { note: { text: reader.text(member('text'), `${pointer}/note/text`, LIMITS.textLength) } };
  }
}
