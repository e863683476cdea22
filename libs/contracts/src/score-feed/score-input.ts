import type { EventDefinition } from '../event-definition.js';
import { formatTime } from '../rfc3339.js';
import type { PublishedEvent } from '../structured-event.js';
import { withoutPersonal } from './without-personal.js';

export const SCORE_INPUT_TYPE = 'leadscore.input';
export const SCORE_INPUT_SOURCE = 'urn:annals:lead-score';

/** An event of the log as far as scoring looks at it. */
export type ScoredEvent = Pick<PublishedEvent, 'tenantId' | 'type' | 'version' | 'entities' | 'occurredAt' | 'ingestMode' | 'payload'> & {
  /** The item's id. */
  readonly id: string;
  readonly position: bigint;
};

/** What the tenant's own model would do with the event; the reader is free to do otherwise. */
export interface ScoreHints {
  /** Points. */
  readonly weight: number;
  /** Days after which an event is worth half. */
  readonly halfLifeDays: number;
}

/** Types whose events a machine can cause in a person's name; those say so. */
const OFTEN_MACHINE: ReadonlySet<string> = new Set(['email.opened', 'email.clicked']);

/**
 * Whether an event may change a score: its type feeds scores, no machine caused it, nobody entered it afterwards (unless `backfill`), and its payload has not
 * been erased.
 */
export function feedsScores(event: ScoredEvent, definition: EventDefinition | undefined, backfill: boolean): boolean {
  if (definition?.scoreFeed !== true || event.payload === null) return false;
  if (event.ingestMode !== 'live' && !backfill) return false;
  // only where the text says so anywhere is it worth a look
  const mayBe = OFTEN_MACHINE.has(event.type) && event.payload.includes('"machine":true');
  return !mayBe || payloadOf(event).machine !== true;
}

/**
 * The message `leadscore.input` for an event that `feedsScores`, as JSON text: a structured CloudEvent whose id is the item's, so that a reader knows one
 * that comes again. It holds no personal data and no actor.
 */
export function scoreInput(event: ScoredEvent, definition: EventDefinition, { weight, halfLifeDays }: ScoreHints): string {
  const { tenantId, id, type, version, position } = event;
  const entity = event.entities[0];
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: SCORE_INPUT_SOURCE,
    type: SCORE_INPUT_TYPE,
    ...(entity && { subject: `${entity.type}/${entity.id}` }),
    time: formatTime(event.occurredAt),
    datacontenttype: 'application/json',
    tenantid: tenantId,
    partitionkey: tenantId,
    data: {
      eventId: id,
      eventType: type,
      eventVersion: version,
      position: Number(position),
      entity: entity && { type: entity.type, id: entity.id },
      entities: event.entities,
      payload: withoutPersonal({ ...definition.versions[version]?.payload }, payloadOf(event)),
      weightHint: weight,
      decayHintDays: halfLifeDays,
    },
  });
}

function payloadOf({ payload }: ScoredEvent): Record<string, unknown> {
  return (payload === null ? {} : JSON.parse(payload)) as Record<string, unknown>;
}
