import { ApiProperty } from '@nestjs/swagger';
import { ENTITY_TYPES, TABS } from '#libs/contracts';

const OBJECT = { type: 'object', additionalProperties: true } as const;
const SCHEMA = { type: 'object', properties: { attendee: { type: 'string' } }, required: ['attendee'] };
const TIME = { type: 'string', format: 'date-time', nullable: true } as const;

export class UpcasterAnswer {
  @ApiProperty({ type: 'integer', minimum: 1, example: 1 })
  from: number;

  @ApiProperty({ type: 'integer', minimum: 2, example: 2 })
  to: number;

  @ApiProperty({
    type: 'array',
    minItems: 1,
    maxItems: 50,
    items: {
      type: 'object',
      minProperties: 1,
      maxProperties: 1,
      description: 'Places are names of fields or JSON Pointers',
      properties: {
        rename: { type: 'object', properties: { from: { type: 'string' }, to: { type: 'string' } }, required: ['from', 'to'] },
        move: { type: 'object', properties: { from: { type: 'string' }, to: { type: 'string' } }, required: ['from', 'to'] },
        default: { type: 'object', properties: { field: { type: 'string' }, value: {} }, required: ['field', 'value'] },
        mapValue: { type: 'object', properties: { field: { type: 'string' }, map: OBJECT, otherwise: {} }, required: ['field', 'map'] },
        drop: { type: 'object', properties: { field: { type: 'string' } }, required: ['field'] },
      },
    },
    example: [{ rename: { from: 'minutes', to: 'durationSeconds' } }, { default: { field: 'attendee', value: 'unknown' } }],
  })
  ops: object[];
}

export class TypeVersionAnswer {
  @ApiProperty({ type: 'integer', minimum: 1, example: 1 })
  version: number;

  @ApiProperty({ ...OBJECT, description: 'JSON Schema of the payload; personal fields carry x-annals-pii', example: SCHEMA })
  schema: object;

  @ApiProperty({ example: 'held a demo[[, {durationSeconds|duration}]]' })
  summary: string;

  @ApiProperty({ type: 'array', items: OBJECT, example: [{ attendee: 'Ada Marsh', durationSeconds: 1800 }] })
  examples: object[];

  @ApiProperty({ type: [UpcasterAnswer] })
  upcasters: UpcasterAnswer[];

  @ApiProperty({ type: String, nullable: true, description: 'Who registered it; null for a built-in type' })
  createdBy: string | null;

  @ApiProperty({ ...TIME, description: 'null for a built-in type' })
  createdAt: string | null;
}

/** A kind of event. What is not said for each version is as the newest says. */
export class TypeAnswer {
  @ApiProperty({ example: 'custom.demo_held' })
  type: string;

  @ApiProperty({ type: [String], example: ['demo_held'] })
  aliases: string[];

  @ApiProperty({ description: 'The name that seed 002’s endpoints answer with', example: 'custom.demo_held' })
  activityName: string;

  @ApiProperty({ description: 'Registered by the tenant' })
  custom: boolean;

  @ApiProperty({ example: 'a demo was held' })
  description: string;

  @ApiProperty({ description: 'Kafka topic', example: 'crm.custom' })
  topic: string;

  @ApiProperty({ example: 'presentation' })
  icon: string;

  @ApiProperty({ enum: TABS.filter((tab) => tab !== 'all'), isArray: true })
  tabs: string[];

  @ApiProperty({ enum: ENTITY_TYPES, isArray: true })
  primary: string[];

  @ApiProperty({ type: String, nullable: true, description: 'Template of the link', example: '{primary}' })
  deepLink: string | null;

  @ApiProperty({ enum: ['customer', 'staff', 'staff_only'] })
  visibility: string;

  @ApiProperty()
  scoreFeed: boolean;

  @ApiProperty({ type: Number, nullable: true })
  scoreWeight: number | null;

  @ApiProperty({ type: [String], description: 'Fields by which readers may fold repeated events into one line', example: [] })
  groupBy: string[];

  @ApiProperty({ type: [String], description: 'Fields of the newest version that are personal data', example: ['attendee'] })
  pii: string[];

  @ApiProperty({ type: [String], description: 'What a customer may read of the payload', example: [] })
  customerFields: string[];

  @ApiProperty()
  deprecated: boolean;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'The newest version', example: 1 })
  version: number;

  @ApiProperty({ type: [TypeVersionAnswer], description: 'Oldest first' })
  versions: TypeVersionAnswer[];
}

export class TypesAnswer {
  @ApiProperty({ type: [TypeAnswer], description: 'The built-in ones first' })
  items: TypeAnswer[];
}
