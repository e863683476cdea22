import { canonicalJson, entitiesJson, envelopeJson, type ActivityEvent, type EntityRef } from '#libs/contracts';
import { distinctEntities, isAboutCustomer, monthOf } from '#libs/timelines';
import { eventId } from './event-id.js';
import { freshSalt, leafHash } from './leaf.js';

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
  /** Each entity once, whatever its roles: on the timeline of each the event stands, besides the feed. */
  readonly entities: readonly Pick<EntityRef, 'type' | 'id'>[];
  readonly aboutCustomer: boolean;
  /** Canonical JSON of the references. */
  readonly entitiesJson: string;
}

/** Identity, keys, salt, leaf. Pure but for the salt, which is another one each time. */
export function eventFacts(event: ActivityEvent): EventFacts {
  const salt = freshSalt();
  const references = entitiesJson(event.entities);
  return {
    event,
    id: eventId(event.tenantId, event.source, event.sourceId),
    salt,
    leaf: leafHash(envelopeJson(event, references), contentParts(event), salt),
    bucket: monthOf(event.occurredAt),
    entities: distinctEntities(event.entities),
    aboutCustomer: isAboutCustomer(event),
    entitiesJson: references,
  };
}

/** JCS of {summary, payload}; the payload is canonical already. */
const contentParts = ({ summary, payload }: ActivityEvent): readonly string[] => [
  '{"payload":',
  payload,
  summary === null ? ',"summary":null}' : `,"summary":${canonicalJson(summary)}}`,
];
