import { buildEvent, CUSTOMERS, type EntityRef, type EventInput, type EventRecord, type EventType } from '#libs/contracts';
import { SEQUENCE_SOURCE, type PlaybookAction } from '#libs/sequences';
import type { EndedRun, SlimEvent } from '#libs/store';
import type { StandingPlaybook } from './definition-book.js';
import { enrollWhom, type Hearing } from './hear-event.js';

const SHOWN: readonly string[] = ['account', ...CUSTOMERS];
const TAGGED: readonly string[] = CUSTOMERS;

interface Done {
  readonly result: 'done' | 'skipped' | 'failed';
  readonly record?: EventRecord;
}

/** Does what a play says about an event, and tells how it went where there is a timeline to tell it on. */
export function runPlaybook(event: SlimEvent, { playbook, version }: StandingPlaybook, hearing: Hearing): void {
  const told = new Told(event, `${playbook.id}/${version}`, hearing.nowMs);
  const done = playbook.actions.map((action, i) => act(action, i, event, told, hearing));
  const results = done.map(({ result }) => result);
  const outcome: EndedRun['outcome'] = results.includes('failed') ? 'failed' : results.includes('done') ? 'completed' : 'skipped';
  const subject = event.entities.find(({ type }) => SHOWN.includes(type));
  const payload = { playbookId: playbook.id, playName: playbook.name, outcome };
  const last = subject && told.event({ type: 'playbook.executed', payload }, 'run', subject, { type: 'system', id: 'playbook-engine' });
  const { tenantId, id: eventId, position } = event;
  hearing.roll.ran({ tenantId, playbookId: playbook.id, version, eventId, position, outcome }, [
    ...done.flatMap(({ record }) => record ?? []),
    ...(last ? [last] : []),
  ]);
  hearing.heard('played');
}

function act(action: PlaybookAction, index: number, event: SlimEvent, told: Told, hearing: Hearing): Done {
  if ('enroll' in action) return { result: enrollBy(action.enroll.sequence, event, hearing) };
  const isNote = 'note' in action;
  const target = isNote ? event.entities.find(({ type }) => type !== 'user') : event.entities.find(({ type }) => TAGGED.includes(type));
  if (target === undefined) return { result: 'failed' };
  const record = isNote
    ? told.event({ type: 'note.added', payload: { text: action.note.text } }, index, target, { type: 'agent', id: 'playbook-engine' })
    : told.event({ type: 'contact.tagged', payload: { tag: action.tag.tag } }, index, target, { type: 'system', id: 'playbook-engine' });
  return { result: 'done', record };
}

function enrollBy(sequenceId: string, event: SlimEvent, hearing: Hearing): Done['result'] {
  const standing = hearing.inForce.sequences(event.tenantId, event.position).find(({ sequence }) => sequence.id === sequenceId);
  const outcome = standing ? enrollWhom(event, standing, hearing) : 'nobody';
  return outcome === 'enrolled' ? 'done' : outcome === 'already' ? 'skipped' : 'failed';
}

/** Events that a run causes: their ids follow from it, so that a run that is told again is told the same. */
class Told {
  constructor(
    private readonly cause: SlimEvent,
    private readonly run: string,
    private readonly nowMs: number,
  ) {}

  event<T extends EventType>(
    own: Pick<EventInput<T>, 'type' | 'payload'>,
    part: number | 'run',
    primary: EntityRef,
    actor: EventInput<T>['actor'],
  ): EventRecord {
    const { tenantId, id, entities } = this.cause;
    const others = entities.filter(
      (ref) => ['account', 'contact', 'lead'].includes(ref.type) && !(ref.type === primary.type && ref.id === primary.id),
    );
    const event = {
      ...own,
      id: `playbook/${id}/${this.run}/${part}`,
      source: SEQUENCE_SOURCE,
      tenantId,
      entities: [primary, ...others].map((ref) => ({ type: ref.type, id: ref.id })),
      actor,
      time: new Date(this.nowMs).toISOString(),
      causationId: id,
    };
    return buildEvent(event as unknown as EventInput<T>);
  }
}
