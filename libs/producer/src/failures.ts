import type { DeadLetterReason, Rejection } from '#libs/contracts';

/** The event breaks the contract: nothing was sent. Says which field and why, never a value of it. */
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';
  /** The same reason the record would have had as a dead letter. */
  readonly reason: DeadLetterReason;
  /** JSON Pointer into what was passed: `/payload/toStage`, `/tenantId`; '' for the whole. */
  readonly path: string;

  constructor(type: string, { reason, schemaPath, message }: Rejection) {
    const path = pathInDraft(schemaPath);
    super(`${/^[a-z._]{1,64}$/.test(type) ? type : 'the event'} is not valid: ${path === '' ? '' : `${path} `}${message} (${reason})`);
    this.reason = reason;
    this.path = path;
  }
}

/** Where the draft says what an attribute of the CloudEvent says. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  tenantid: 'tenantId',
  subject: 'entities',
  actortype: 'actor/type',
  actorid: 'actor/id',
  onbehalfof: 'actor/onBehalfOf',
  correlationid: 'correlationId',
  causationid: 'causationId',
  ingestmode: 'ingestMode',
  dataschema: 'version',
};

function pathInDraft(path: string): string {
  if (path.startsWith('/data/')) return path.slice('/data'.length);
  const name = path.slice(1);
  return path === '' ? '' : `/${ATTRIBUTES[name] ?? name}`;
}

/**
 * `buffer_full`: there was no room for it in time. `timeout`: no acknowledgement in time. `refused`: Kafka would refuse it again.
 * `closed`: the producer was closed before it was stored.
 */
export type NotPublishedReason = 'buffer_full' | 'timeout' | 'refused' | 'closed';

/** A valid event that is not known to be stored. */
export class NotPublished extends Error {
  override readonly name = 'NotPublished';

  constructor(
    readonly reason: NotPublishedReason,
    sentence: string,
    /** The event's id: publishing it again under the same one is harmless. */
    readonly eventId: string,
    /** Whether Kafka may have it all the same. */
    readonly mayBeStored: boolean,
  ) {
    super(mayBeStored ? `${sentence}; it may be stored all the same: publish it again with the same id` : sentence);
  }
}
