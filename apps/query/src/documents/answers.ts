import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { ACTOR_TYPES, ANY_RECORD, CUSTOMERS, TABS, type ActorType, type Tab } from '#libs/contracts';

class EntityAnswer {
  @ApiProperty({ enum: [...ANY_RECORD, 'user'] })
  type: string;

  @ApiProperty({ example: 'contact-abc' })
  id: string;

  @ApiPropertyOptional({ example: 'primary' })
  role?: string;
}

class ActorAnswer {
  @ApiProperty({ enum: ACTOR_TYPES })
  type: ActorType;

  @ApiProperty({ example: 'jane@example.com' })
  id: string;

  @ApiPropertyOptional({ type: String, description: 'The human for whom an agent acted' })
  onBehalfOf?: string;
}

class CustomerActorAnswer {
  @ApiProperty({ enum: ACTOR_TYPES })
  type: ActorType;
}

const OBJECT = { type: 'object', additionalProperties: true } as const;
const DEAL = [
  { type: 'deal', id: 'deal-9' },
  { type: 'account', id: 'acc-1' },
];
const STAGES = { fromStage: 'Proposal', toStage: 'Negotiation' };
const POSITION = { type: 'integer', format: 'int64', minimum: 1, example: 971 } as const;
const TIME = { type: 'string', format: 'date-time', example: '2026-01-05T14:30:00.000000Z' } as const;

/** An event as staff see it in a list. */
export class ItemAnswer {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ description: 'CloudEvents source of the producer', example: '/producers/sequence-engine' })
  source: string;

  @ApiProperty({ description: 'The id that the producer gave', example: 'deal-9-stage-3' })
  sourceId: string;

  @ApiProperty({ ...POSITION, description: 'Place in the log of the tenant' })
  position: number;

  @ApiProperty({ example: 'deal.stage_changed' })
  type: string;

  @ApiProperty({ description: 'The type as the producer wrote it', example: 'deal_stage_changed' })
  sourceType: string;

  @ApiProperty({ type: [EntityAnswer], description: 'The primary one first', example: DEAL })
  entities: EntityAnswer[];

  @ApiProperty({ type: ActorAnswer })
  actor: ActorAnswer;

  @ApiProperty({ ...TIME, description: 'When it happened: lists are ordered by this' })
  occurredAt: string;

  @ApiProperty({ ...TIME, description: 'When it was appended to the log' })
  appendedAt: string;

  @ApiProperty({ example: 'moved from Proposal to Negotiation' })
  summary: string;

  @ApiProperty({ example: 'arrow-right' })
  icon: string;

  @ApiProperty({
    enum: TABS.filter((tab) => tab !== 'all'),
    isArray: true,
    description: 'Tabs of the account page besides All',
    example: [],
  })
  tabs: Tab[];

  @ApiProperty({ type: String, nullable: true, example: 'deal/deal-9' })
  deepLink: string | null;

  @ApiProperty({ ...OBJECT, nullable: true, description: 'null after erasure', example: STAGES })
  payload: object | null;

  @ApiPropertyOptional({ description: 'Present where the entry was taken back' })
  retracted?: boolean;
}

/** An event as the customer it is about sees it. */
export class CustomerItemAnswer {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ example: 'order.placed' })
  type: string;

  @ApiProperty({ type: [EntityAnswer], description: 'The customer itself', example: [{ type: 'contact', id: 'contact-abc' }] })
  entities: EntityAnswer[];

  @ApiProperty({ type: CustomerActorAnswer })
  actor: CustomerActorAnswer;

  @ApiProperty(TIME)
  occurredAt: string;

  @ApiProperty({ example: 'placed order 1001 for EUR 49.90' })
  summary: string;

  @ApiProperty({ example: 'shopping-cart' })
  icon: string;

  @ApiProperty({
    enum: TABS.filter((tab) => tab !== 'all'),
    isArray: true,
    description: 'Tabs of the account page besides All',
    example: [],
  })
  tabs: Tab[];

  @ApiProperty({
    ...OBJECT,
    nullable: true,
    description: 'The part that is meant for the customer',
    example: { amount: 49.9, currency: 'EUR' },
  })
  payload: object | null;
}

/** Everything about one event. */
export class EventAnswer extends ItemAnswer {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'Version of the payload schema', example: 1 })
  version: number;

  @ApiProperty({ ...TIME, nullable: true, description: 'When the producer made the event' })
  recordedAt: string | null;

  @ApiProperty({ enum: ['producer', 'record'], description: 'Whose clock occurredAt comes from' })
  timeQuality: string;

  @ApiProperty({ enum: ['live', 'backfill'] })
  ingestMode: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Template of the sentence; null for own words',
    example: 'deal.stage_changed@1',
  })
  summaryKey: string | null;

  @ApiProperty({ ...OBJECT, description: 'What stands in the sentence, for another language', example: STAGES })
  summaryParams: object;

  @ApiProperty({ type: String, nullable: true })
  correlationId: string | null;

  @ApiProperty({ type: String, nullable: true })
  causationId: string | null;

  @ApiProperty({ type: String, nullable: true })
  traceparent: string | null;

  @ApiProperty({ ...POSITION, nullable: true, example: null })
  retractedAtPosition: number | null;
}

/** An item of seed 002's endpoints as the customer it is about sees it. */
export class CustomerActivityItemAnswer extends CustomerItemAnswer {
  @ApiProperty({ enum: CUSTOMERS, example: 'contact' })
  datatype: string;

  @ApiProperty({ example: 'contact-abc', description: 'The customer itself' })
  ownerId: string;

  @ApiProperty({
    ...OBJECT,
    nullable: true,
    description: 'The payload by the name that seed 002 gives it',
    example: { amount: 49.9, currency: 'EUR' },
  })
  metadata: object | null;
}

/** An item of seed 002's endpoints: `type` is the underscore name. */
export class ActivityItemAnswer extends ItemAnswer {
  @ApiProperty({ enum: ANY_RECORD, example: 'deal' })
  datatype: string;

  @ApiProperty({ example: 'deal-9' })
  ownerId: string;

  @ApiProperty({ ...OBJECT, nullable: true, description: 'The payload by the name that seed 002 gives it', example: STAGES })
  metadata: object | null;
}

const NEXT = { type: String, nullable: true, description: 'Cursor of the page after this one; null on the last' } as const;
const PIN = {
  anyOf: [{ type: 'integer', format: 'int64' }, { type: 'string' }],
  description: 'Send it back to see the list as it is now; opaque for customers',
  example: 971,
};

@ApiExtraModels(ItemAnswer, CustomerItemAnswer)
export class TimelineAnswer {
  @ApiProperty({
    type: 'array',
    items: { anyOf: [{ $ref: getSchemaPath(ItemAnswer) }, { $ref: getSchemaPath(CustomerItemAnswer) }] },
  })
  items: (ItemAnswer | CustomerItemAnswer)[];

  @ApiProperty(NEXT)
  next: string | null;

  @ApiProperty(PIN)
  pin: number | string;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Matching entries that came after the pin', example: 0 })
  newer: number;

  @ApiPropertyOptional({ description: 'Present and true where more may be newer' })
  newerIsFloor?: boolean;
}

@ApiExtraModels(ActivityItemAnswer, CustomerActivityItemAnswer)
export class ActivityAnswer {
  @ApiProperty({
    type: 'array',
    items: { anyOf: [{ $ref: getSchemaPath(ActivityItemAnswer) }, { $ref: getSchemaPath(CustomerActivityItemAnswer) }] },
  })
  items: (ActivityItemAnswer | CustomerActivityItemAnswer)[];

  @ApiProperty({ type: 'integer', minimum: 1, example: 1 })
  page: number;

  @ApiProperty({ type: 'integer', minimum: 1, example: 50 })
  pageSize: number;

  @ApiProperty({ type: 'integer', minimum: 0, example: 1 })
  total: number;

  @ApiPropertyOptional({ description: 'Present and true where the total may be larger' })
  totalIsFloor?: boolean;

  @ApiProperty(PIN)
  pin: number | string;

  @ApiProperty(NEXT)
  next: string | null;
}
