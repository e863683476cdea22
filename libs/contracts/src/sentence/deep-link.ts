import type { EventDefinition } from '../event-definition.js';
import { type EntityType, isEntityType } from '../entity-types.js';
import type { EntityRef } from '../event.js';
import { eventDefinition } from '../registry.js';
import type { Payload } from './filters.js';
import { payloadOf } from './summary.js';

export interface LinkedEvent {
  readonly type: string;
  /** Primary first. */
  readonly entities: readonly EntityRef[];
  /** As an object or as JSON text; `null` once erased. */
  readonly payload: object | string | null;
}

/** A link's template, parsed once: where it leads, and in what to look for the id, the first that has one wins. */
interface Link {
  readonly target: string;
  readonly ids: readonly { readonly field: string; readonly entity: EntityType | undefined }[];
}

const LINK = /^([a-z_]+)\/\{([A-Za-z?]+)\}$/;
const links = new Map<string, Link | null>();

/**
 * Where the event's record is shown: `<entityType>/<id>`, the id percent-encoded. The record itself where the type links
 * elsewhere but the event does not say whither; `null` where the type has no link.
 */
export function deepLinkOf(event: LinkedEvent, definition: EventDefinition | undefined = eventDefinition(event.type)): string | null {
  const template = definition?.deepLink;
  if (template === null) return null;
  const link = template === undefined ? null : linkFor(template);
  const id = link === null ? undefined : firstId(link, event);
  if (link !== null && id !== undefined) return pathTo(link.target, id);
  const primary = event.entities[0];
  return primary ? pathTo(primary.type, primary.id) : null;
}

/** `null`: the primary record, whatever it is. */
function linkFor(template: string): Link | null {
  const known = links.get(template);
  if (known !== undefined) return known;
  const [, target, names] = LINK.exec(template) ?? [];
  const link = names === undefined || target === undefined ? null : { target, ids: names.split('??').map(idOf) };
  links.set(template, link);
  return link;
}

function pathTo(type: string, id: string): string {
  return `${type}/${encodeURIComponent(id)}`;
}

/** `dealId` is the id of the first deal referred to, or the field of that name in the payload. */
function idOf(field: string): Link['ids'][number] {
  const type = field.replace(/Id$/, '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return { field, entity: isEntityType(type) ? type : undefined };
}

function firstId({ ids }: Link, event: LinkedEvent): string | undefined {
  const payload = payloadOf(event.payload);
  for (const { field, entity } of ids) {
    const referred = entity && event.entities.find(({ type }) => type === entity)?.id;
    const id = referred ?? payloadId(field, payload);
    if (id !== undefined) return id;
  }
  return undefined;
}

function payloadId(name: string, payload: Payload | null): string | undefined {
  const value = payload && Object.hasOwn(payload, name) ? payload[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
