import { isEntityType } from '../entity-types.js';
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

const LINK = /^([a-z_]+)\/\{([A-Za-z?]+)\}$/;

/**
 * Where the event's record is shown: `<entityType>/<id>`, the id percent-encoded. The record itself where the type links
 * elsewhere but the event does not say whither; `null` where the type has no link.
 */
export function deepLinkOf(event: LinkedEvent): string | null {
  const link = eventDefinition(event.type)?.deepLink ?? '{primary}';
  if (eventDefinition(event.type)?.deepLink === null) return null;
  const [, target, names] = LINK.exec(link) ?? [];
  const id = names === undefined ? undefined : firstId(names.split('??'), event);
  if (target !== undefined && id !== undefined) return pathTo(target, id);
  const primary = event.entities[0];
  return primary ? pathTo(primary.type, primary.id) : null;
}

function pathTo(type: string, id: string): string {
  return `${type}/${encodeURIComponent(id)}`;
}

function firstId(names: readonly string[], event: LinkedEvent): string | undefined {
  const payload = payloadOf(event.payload);
  for (const name of names) {
    const id = referredId(name, event.entities) ?? payloadId(name, payload);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** `dealId` is the id of the first deal referred to. */
function referredId(name: string, entities: readonly EntityRef[]): string | undefined {
  const type = name.replace(/Id$/, '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return isEntityType(type) ? entities.find((entity) => entity.type === type)?.id : undefined;
}

function payloadId(name: string, payload: Payload | null): string | undefined {
  const value = payload && Object.hasOwn(payload, name) ? payload[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
