import type { EntityRef } from '#libs/contracts';
import { refDigest, type EventRow, type StreamPage, type TimelineFilter } from '#libs/store';
import { matcherOf } from './matcher.js';

export interface ScriptedEvent {
  readonly type: string;
  readonly contacts: readonly string[];
  readonly payload?: object;
}

/** A tenant's log in memory, read as `annals.read_stream` reads it: merges and retractions as of the head. */
export class ScriptedLog {
  readonly rows: EventRow[] = [];
  private readonly merges: { from: string; into: string }[] = [];
  private readonly retracted = new Map<string, string>();

  get head(): bigint {
    return BigInt(this.rows.length);
  }

  append({ type, contacts, payload = {} }: ScriptedEvent): void {
    const position = String(this.rows.length + 1);
    const { fromContactId: from, intoContactId: into, targetPosition } = payload as Record<string, string | undefined>;
    if (type === 'contact.merged' && from !== undefined && into !== undefined) this.merges.push({ from, into });
    if (type === 'contact.unmerged') this.merges.pop();
    if (type === 'activity.retracted' && targetPosition !== undefined && BigInt(targetPosition) < BigInt(position))
      this.retracted.set(targetPosition, position);
    this.rows.push(rowOf(position, type, contacts, payload));
  }

  /** The contacts that are read as one now. */
  mergedWith(contact: string): string[] {
    const reached = new Set([contact]);
    for (const each of reached)
      for (const { from, into } of this.merges) {
        if (from === each) reached.add(into);
        if (into === each) reached.add(from);
      }
    return [...reached];
  }

  page(contact: string | undefined, filter: TimelineFilter, after: bigint, limit: number): StreamPage {
    const names = contact === undefined ? undefined : this.mergedWith(contact);
    const matches = matcherOf(filter);
    const due = this.rows
      .map((row) => ({ ...row, retractedAtPosition: this.retracted.get(row.position) ?? null }))
      .filter((row) => BigInt(row.position) > after && matches(row) && (names?.some((name) => contactsOf(row).includes(name)) ?? true));
    const rows = due.slice(0, limit);
    const reached = due.length > limit ? BigInt(rows.at(-1)?.position ?? 0) : this.head;
    return { rows, reached, head: this.head, refs: names?.map((name) => refDigest('contact', name).toString('hex')) ?? [] };
  }
}

export const contactsOf = (row: EventRow): string[] => (JSON.parse(row.entities) as EntityRef[]).map(({ id }) => id);

function rowOf(position: string, type: string, contacts: readonly string[], payload: object): EventRow {
  const at = new Date(Date.UTC(2026, 0, 1) + Number(position)).toISOString().replace('Z', '000Z');
  return {
    ...{ id: `id-${position}`, position, type, sourceType: type, version: 1, source: '/spec', sourceId: position },
    ...{ occurredAt: at, appendedAt: at, recordedAt: null, timeQuality: 'producer', ingestMode: 'live' },
    ...{ actorType: 'human', actorId: 'jane', onBehalfOf: null, correlationId: null, causationId: null, traceparent: null },
    entities: JSON.stringify(contacts.map((id) => ({ type: 'contact', id }))),
    ...{ summary: null, payload: JSON.stringify(payload), retractedAtPosition: null },
  };
}
