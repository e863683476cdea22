/** The attributes an event may carry, by their CloudEvents names. */
export type AttributeName =
  | 'id'
  | 'source'
  | 'type'
  | 'subject'
  | 'time'
  | 'recordedtime'
  | 'dataschema'
  | 'tenantid'
  | 'actortype'
  | 'actorid'
  | 'onbehalfof'
  | 'correlationid'
  | 'causationid'
  | 'traceparent'
  | 'ingestmode';

/** One event as it stands in one of the wire forms, nothing checked yet. `null` and `undefined` both mean absent. */
export interface Envelope extends Readonly<Record<AttributeName, unknown>> {
  readonly entities: unknown;
  readonly payload: unknown;
  readonly summary: unknown;
  readonly places: Places;
}

/** Where a form keeps things, for the paths in rejections. */
export interface Places {
  readonly attribute: (name: AttributeName) => string;
  readonly entities: string;
  readonly payload: string;
  readonly summary: string;
}
