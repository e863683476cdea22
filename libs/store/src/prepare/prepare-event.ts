import { canonicalJson, entitiesJson, envelopeJson, type ActivityEvent } from '#libs/contracts';
import { distinctEntities, isAboutCustomer, monthOf } from '#libs/timelines';
import type { PreparedEvent } from '../append/types.js';
import { eventId } from './event-id.js';
import { freshSalt, leafHash } from './leaf.js';
import { refDigest } from './ref-digest.js';

/** Everything about an accepted event that can be computed before its transaction: identity, keys, salt, leaf. Pure but for the salt. */
export function prepareEvent(event: ActivityEvent): PreparedEvent {
  const salt = freshSalt();
  return {
    event,
    id: eventId(event.tenantId, event.source, event.sourceId),
    salt,
    leaf: leafHash(envelopeJson(event), contentParts(event), salt),
    bucket: monthOf(event.occurredAt),
    refs: distinctEntities(event.entities).map(({ type, id }) => refDigest(type, id)),
    actorRef: refDigest(event.actor.type, event.actor.id),
    aboutCustomer: isAboutCustomer(event),
    entitiesJson: entitiesJson(event.entities),
  };
}

/** JCS of {summary, payload}; the payload is canonical already. */
const contentParts = ({ summary, payload }: ActivityEvent): readonly string[] => [
  '{"payload":',
  payload,
  summary === null ? ',"summary":null}' : `,"summary":${canonicalJson(summary)}}`,
];
