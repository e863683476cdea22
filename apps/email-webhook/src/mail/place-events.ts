import type { EventRecord } from '#libs/contracts';
import { knownMail, mailIdentity, parkUnmatched, type Database, type KnownMessage, type UnmatchedMail } from '#libs/store';
import type { MailEvent } from '../providers/provider.js';
import { isOwned, referencesIn, referencesOf } from './references.js';
import { JOINED, recordOf, retractionOf, type MappedEvent, type Placed } from './to-record.js';

/** What becomes of the events of one callback. */
export interface PlacedEvents {
  readonly records: readonly EventRecord[];
  /** To be marked as joined once the records are published. */
  readonly joined: readonly UnmatchedMail[];
  /** How many of each outcome and name, for the metrics. */
  readonly counts: readonly EventCount[];
}

export interface EventCount {
  readonly name: string;
  readonly outcome: 'published' | 'unmatched' | 'joined' | 'told_already' | 'no_type' | 'no_message';
}

/**
 * Finds whose timelines the events belong on: references from the sender's metadata; else those of the `email.sent` of the same message
 * (of the message it answers, for one that came in); else none, then it stands on its thread and waits. A redelivery leads to the same records.
 */
export async function placeEvents(
  database: Database,
  tenantId: string,
  source: string,
  events: readonly MailEvent[],
): Promise<PlacedEvents> {
  const sorter = new Sorter(tenantId, source);
  const mapped = events.filter((event) => sorter.isMapped(event));
  const sourceIds = mapped.map(({ eventId }) => eventId);
  const known = await knownMail(database, tenantId, mapped.flatMap(matchIds), { source, sourceIds });
  const unmatched = mapped.filter((event) => known.parked.has(event.eventId) || !sorter.place(event, known.messages));
  if (unmatched.length > 0) {
    const parked = await parkUnmatched(
      database,
      tenantId,
      unmatched.map((event) => sorter.unmatchedOf(event)),
    );
    for (const event of unmatched) sorter.placeUnmatched(event, parked.known, parked.joined);
  }
  return sorter.result;
}

/** The messages whose recipient is the one this is about. */
export function matchIds(event: Pick<MailEvent, 'kind' | 'messageIds' | 'inReplyTo'>): readonly string[] {
  if (event.kind !== 'received') return event.messageIds;
  return event.inReplyTo === undefined ? [] : [event.inReplyTo];
}

class Sorter {
  private readonly records: EventRecord[] = [];
  private readonly joined: UnmatchedMail[] = [];
  private readonly counts: EventCount[] = [];

  constructor(
    private readonly tenantId: string,
    private readonly source: string,
  ) {}

  get result(): PlacedEvents {
    return { records: this.records, joined: this.joined, counts: this.counts };
  }

  isMapped(event: MailEvent): event is MappedEvent {
    if (event.kind === null) this.count(event, 'no_type');
    else if (event.messageIds.length === 0) this.count(event, 'no_message');
    else return true;
    return false;
  }

  /** False: nobody has told of the message yet. */
  place(event: MappedEvent, known: readonly KnownMessage[]): boolean {
    const told = entitiesOf(event, known);
    if (event.kind === 'sent' && told !== undefined) {
      this.count(event, 'told_already');
      return true;
    }
    const given = referencesIn(event.metadata);
    const refs = isOwned(given) ? given : told === undefined ? undefined : referencesOf(told);
    if (refs === undefined) return false;
    this.publish(event, recordOf(this.placed(event), refs), 'published');
    return true;
  }

  placeUnmatched(event: MappedEvent, known: readonly KnownMessage[], joined: ReadonlySet<string>): void {
    if (joined.has(mailIdentity(this.unmatchedOf(event)))) {
      this.count(event, 'joined');
      return;
    }
    this.publish(event, recordOf(this.placed(event), []), 'unmatched');
    const told = entitiesOf(event, known);
    if (told === undefined) return;
    this.records.push(...joinRecords(this.placed(event), told));
    this.joined.push(this.unmatchedOf(event));
  }

  unmatchedOf(event: MappedEvent): UnmatchedMail {
    return { source: this.source, sourceId: event.eventId, messageIds: matchIds(event), input: JSON.stringify(event) };
  }

  private placed(event: MappedEvent): Placed {
    return { tenantId: this.tenantId, source: this.source, event };
  }

  private publish(event: MailEvent, record: EventRecord, outcome: EventCount['outcome']): void {
    this.records.push(record);
    this.count(event, outcome);
  }

  private count({ name }: MailEvent, outcome: EventCount['outcome']): void {
    this.counts.push({ name, outcome });
  }
}

function entitiesOf(event: MailEvent, known: readonly KnownMessage[]): string | undefined {
  const ids = matchIds(event);
  return known.find(({ messageId }) => ids.includes(messageId))?.entities;
}

/** What moves an event from its thread to the timelines of `entities`: it again under an id of its own, and the retraction of the first. */
export function joinRecords(placed: Placed, entities: string): EventRecord[] {
  if (placed.event.kind === 'sent') return [retractionOf(placed)];
  return [recordOf(placed, referencesOf(entities), JOINED), retractionOf(placed)];
}
