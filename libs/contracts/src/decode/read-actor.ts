import type { EventDefinition } from '../event-definition.js';
import { ACTOR_TYPES, type Actor, type ActorType } from '../event.js';
import type { AttributeName, Envelope } from './envelope.js';
import { isShortText, Refused } from './refused.js';

const SYSTEM: Actor = { type: 'system', id: 'system' };

/** Missing altogether: system/system, if the type is one the system makes. */
export function readActor(envelope: Envelope, definition: EventDefinition): Actor | Refused {
  const { actortype, actorid, onbehalfof } = envelope;
  if (absent(actortype) && absent(actorid) && absent(onbehalfof)) {
    return definition.defaultActor.includes('system') ? SYSTEM : refuse(envelope, 'actortype', 'this type needs an actor');
  }
  if (!isActorType(actortype)) return refuse(envelope, 'actortype', `must be one of ${ACTOR_TYPES.join(', ')}`);
  const id = absent(actorid) && actortype === 'system' ? SYSTEM.id : actorid;
  if (!isShortText(id)) return refuse(envelope, 'actorid', 'must be text of 1 to 255 characters');
  if (absent(onbehalfof)) return { type: actortype, id };
  return isShortText(onbehalfof)
    ? { type: actortype, id, onBehalfOf: onbehalfof }
    : refuse(envelope, 'onbehalfof', 'must be text of 1 to 255 characters');
}

function absent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function isActorType(value: unknown): value is ActorType {
  return value === 'human' || value === 'agent' || value === 'system';
}

function refuse(envelope: Envelope, name: AttributeName, message: string): Refused {
  return new Refused('bad_actor', envelope.places.attribute(name), message);
}
