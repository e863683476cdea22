import { randomUUID } from 'node:crypto';
import { eventDefinition, type Actor, type EntityRef } from '#libs/contracts';

export const TENANT = '5b1f0a86-3c1d-4c2e-9d53-0f4a7e6b1c01';
export const OTHER_TENANT = '9e2c7d14-8a4b-4f6d-b0c3-6d1e5f7a2b02';

/** An event as a producer would write it, whatever the wire form. */
export interface EventDraft {
  readonly id: string;
  readonly source: string;
  readonly tenantId: string;
  /** Canonical name or alias. */
  readonly type: string;
  /** RFC 3339. */
  readonly time: string;
  /** Primary first. */
  readonly entities: readonly EntityRef[];
  readonly actor: Actor;
  readonly payload: object;
  readonly summary?: string;
  readonly version?: number;
  readonly recordedTime?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly traceparent?: string;
  readonly ingestMode?: 'live' | 'backfill';
}

/** A valid event with an id of its own: type `note.added` unless said otherwise, the rest from the type's first example. */
export function aDraft(wanted: Partial<EventDraft> = {}): EventDraft {
  const type = wanted.type ?? 'note.added';
  const example = eventDefinition(type)?.examples[0];
  return {
    id: randomUUID(),
    source: 'urn:annals:test',
    tenantId: TENANT,
    type,
    time: '2026-01-15T09:00:00Z',
    entities: example?.entities ?? [{ type: 'contact', id: 'contact-abc' }],
    actor: example?.actor ?? { type: 'human', id: 'jane@example.com' },
    payload: example?.payload ?? {},
    ...(example?.summary === undefined ? {} : { summary: example.summary }),
    ...wanted,
  };
}
