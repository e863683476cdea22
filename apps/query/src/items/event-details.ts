import { describeEvent } from '#libs/contracts';
import type { EventRow } from '#libs/store';
import { staffMembers } from './staff-item.js';
import { definitionOf, type TypeScope } from './type-scope.js';

/** Everything about one event, for the side panel of staff. */
export function printEvent(scope: TypeScope, row: EventRow): string {
  const { summaryKey, summaryParams } = describeEvent(row, definitionOf(scope, row.type));
  const more = {
    version: row.version,
    recordedAt: row.recordedAt,
    timeQuality: row.timeQuality,
    ingestMode: row.ingestMode,
    summaryKey,
    summaryParams,
    correlationId: row.correlationId,
    causationId: row.causationId,
    traceparent: row.traceparent,
  };
  // positions are written as text: they may exceed what JSON.stringify takes for a whole number
  return `{${staffMembers(scope, row, row.type)},${JSON.stringify(more).slice(1, -1)},"retractedAtPosition":${row.retractedAtPosition ?? 'null'}}`;
}
