import { ANY_RECORD, isEntityType, pivotOf, type Pivot } from '#libs/contracts';
import type { TimelineName } from '#libs/store';
import { malformed, meaningless } from '../http/problem-exception.js';

type EntityTimeline = TimelineName & { readonly kind: 'entity' };

/** The timeline of a record, or 422 where records of that type have none. `field` names the parameter that holds the type. */
export function recordOf(field: string, type: string, id: string): EntityTimeline {
  assertHasTimeline(field, type);
  return { kind: 'entity', type, id };
}

/** As {@link recordOf}, and 400 with the right path where the type belongs to the other of seed 002's two endpoints. */
export function pivotRecordOf(pivot: Pivot, type: string, id: string): EntityTimeline {
  assertPivot(pivot, type, encodeURIComponent(id));
  return recordOf('datatype', type, id);
}

export function assertPivot(pivot: Pivot, type: string, id: string): void {
  const right = assertHasTimeline('datatype', type);
  if (right !== pivot) throw malformed('datatype', `${type} is read at /api/crm/activity/${right}/${type}/${id}`);
}

function assertHasTimeline(field: string, type: string): Pivot {
  const pivot = pivotOf(type);
  if (pivot !== undefined) return pivot;
  const why = isEntityType(type) ? `a ${type} has no timeline` : 'is no known record type';
  throw meaningless('unknown-record-type', field, `${why}; known: ${ANY_RECORD.join(', ')}`);
}
