import { canonicalJson, entitiesJson, envelopeJson, type ActivityEvent } from '#libs/contracts';
import { distinctEntities, isAboutCustomer, monthOf } from '#libs/timelines';
import { eventId } from './event-id.js';
import { freshSalt, leafHash } from './leaf.js';
import { refLatin1 } from './ref-digest.js';

/** Everything about an accepted event that can be computed before its transaction. */
export interface EventFacts {
  readonly event: ActivityEvent;
  /** Digest of the identity (tenant, source, source id), 32 hex digits. */
  readonly id: string;
  /** 16 bytes as latin1. */
  readonly salt: string;
  /** 32 bytes as latin1, see the column's comment. */
  readonly leaf: string;
  /** UTC month of `occurredAt`: year * 12 + month - 1. */
  readonly bucket: number;
  /** `annals.ref` of each distinct entity, 16 bytes as latin1; the feed's zero ref is not among them. */
  readonly refs: readonly string[];
  readonly actorRef: string;
  readonly aboutCustomer: boolean;
  /** Canonical JSON of the references. */
  readonly entitiesJson: string;
}

/** Identity, keys, salt, leaf. Pure but for the salt, which is another one each time. */
export function eventFacts(event: ActivityEvent): EventFacts {
  const salt = freshSalt();
  const entities = entitiesJson(event.entities);
  return {
    event,
    id: eventId(event.tenantId, event.source, event.sourceId),
    salt,
    leaf: leafHash(envelopeJson(event, entities), contentParts(event), salt),
    bucket: monthOf(event.occurredAt),
    refs: distinctEntities(event.entities).map(({ type, id }) => refLatin1(type, id)),
    actorRef: refLatin1(event.actor.type, event.actor.id),
    aboutCustomer: isAboutCustomer(event),
    entitiesJson: entities,
  };
}

/** JCS of {summary, payload}; the payload is canonical already. */
const contentParts = ({ summary, payload }: ActivityEvent): readonly string[] => [
  '{"payload":',
  payload,
  summary === null ? ',"summary":null}' : `,"summary":${canonicalJson(summary)}}`,
];
