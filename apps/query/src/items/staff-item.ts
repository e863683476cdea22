import { deepLinkOf, readToday, summaryOf, type EventDefinition } from '#libs/contracts';
import type { EventRow } from '#libs/store';
import { entitiesOf, payloadOf, type Payload } from './read-event.js';
import { RememberedTexts } from './remembered-texts.js';
import { definitionOf, ownDefinitionOf, type TypeScope } from './type-scope.js';
import { iconAndTabs } from './type-text.js';

/**
 * The members of a staff item as JSON text, without the braces. Put together as text: payload and references are JSON
 * already, and a page of fifty is served half again as fast as through objects.
 */
export function staffMembers(scope: TypeScope, row: EventRow, type: string): string {
  const { type: known, summary } = row;
  const definition = definitionOf(scope, known);
  const { version, payload, json } = payloadToday(row, definition);
  return (
    `"id":"${row.id}","source":${JSON.stringify(row.source)},"sourceId":${JSON.stringify(row.sourceId)},"position":${row.position}` +
    `,"type":${JSON.stringify(type)},"sourceType":${JSON.stringify(row.sourceType)},"entities":${row.entities},"actor":${actorText(row)}` +
    `,"occurredAt":"${row.occurredAt}","appendedAt":"${row.appendedAt}","summary":${JSON.stringify(summaryOf({ type: known, version, payload, summary }, definition))}` +
    `,${iconAndTabs(scope, known)},"deepLink":${JSON.stringify(deepLinkOf({ type: known, entities: entitiesOf(row), payload }, definition))},"payload":${json}` +
    (row.retractedAtPosition === null ? '' : ',"retracted":true')
  );
}

/** What is shown of a payload: as stored, or as it reads today where an upcaster leads on from its version. */
function payloadToday(row: EventRow, definition: EventDefinition | undefined) {
  const { version, payload: stored } = row;
  const payload = payloadOf(row);
  if (definition?.readToday === undefined || payload === null) return { version, payload, json: stored ?? 'null' };
  const read: { version: number; payload: Payload | null } = readToday(definition, version, payload);
  return { ...read, json: read.version === version ? stored : JSON.stringify(read.payload) };
}

const canonical = new RememberedTexts();
const underscore = new RememberedTexts();

export function printStaffItem(scope: TypeScope, row: EventRow): string {
  return `{${remembered(canonical, scope, row, row.type)}}`;
}

/** The same text, not remembered: what streams by once would push out what lists read again. */
export function printPassingItem(scope: TypeScope, row: EventRow): string {
  return `{${staffMembers(scope, row, row.type)}}`;
}

/** An item of seed 002's endpoints, about `owner`. */
export function printActivityItem(scope: TypeScope, row: EventRow, owner: { readonly type: string; readonly id: string }): string {
  const { json } = payloadToday(row, ownDefinitionOf(scope, row.type));
  return `{${remembered(underscore, scope, row, activityNameOf(scope, row.type))},${ownerMembers(owner)},"metadata":${json}}`;
}

/** A new version of a tenant's own type may read its events anew. */
function remembered(texts: RememberedTexts, scope: TypeScope, row: EventRow, name: string): string {
  const wording = ownDefinitionOf(scope, row.type)?.newest ?? 0;
  return texts.textOf(scope.tenantId, row, () => staffMembers(scope, row, name), wording);
}

export function ownerMembers(owner: { readonly type: string; readonly id: string }): string {
  return `"datatype":${JSON.stringify(owner.type)},"ownerId":${JSON.stringify(owner.id)}`;
}

/** The name by which a client of seed 002 wrote the type. */
export function activityNameOf(scope: TypeScope, type: string): string {
  return definitionOf(scope, type)?.activityName ?? type;
}

function actorText({ actorType, actorId, onBehalfOf }: EventRow): string {
  const behalf = onBehalfOf === null ? '' : `,"onBehalfOf":${JSON.stringify(onBehalfOf)}`;
  return `{"type":"${actorType}","id":${JSON.stringify(actorId)}${behalf}}`;
}
