import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsNumber, IsObject, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { ANY_RECORD, CUSTOM_TYPE, TABS, type EntityType, type ObjectSchema, type Tab, type Upcaster } from '#libs/contracts';
import { verbatim } from '../http/read-parameters.js';
import { UpcasterAnswer } from './type-answer.js';

const OWN_TABS = TABS.filter((tab) => tab !== 'all');
const LONGEST_NAME = 255;

/** A tenant's own type. What is wrong inside is answered with 422 and its JSON Pointer. */
export class RegisterTypeDto {
  @ApiProperty({ example: 'custom.demo_held', pattern: CUSTOM_TYPE.source })
  @IsString()
  @Length(1, LONGEST_NAME)
  type: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'JSON Schema 2020-12 of the payload, an object; docs/custom-types.md says what is not taken',
    example: {
      type: 'object',
      properties: { attendee: { type: 'string' }, durationSeconds: { type: 'integer', minimum: 0 } },
      required: ['attendee'],
    },
  })
  @Transform(verbatim)
  @IsObject()
  schema: ObjectSchema;

  @ApiProperty({
    description: 'The sentence, in the template language of docs/custom-types.md',
    example: 'held a demo[[, {durationSeconds|duration}]]',
  })
  @IsString()
  @MaxLength(2_000)
  summary: string;

  @ApiPropertyOptional({ default: 'circle', example: 'presentation' })
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_NAME)
  icon?: string;

  @ApiPropertyOptional({ enum: OWN_TABS, isArray: true, default: [], description: 'Tabs of the account page besides All' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(TABS.length)
  @IsString({ each: true })
  tabs?: Exclude<Tab, 'all'>[];

  @ApiProperty({ enum: ANY_RECORD, isArray: true, example: ['contact'], description: 'What an event can be primarily about' })
  @IsArray()
  @ArrayMaxSize(ANY_RECORD.length)
  @IsString({ each: true })
  primary: EntityType[];

  @ApiPropertyOptional({ example: 'a demo was held', default: '' })
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  description?: string;

  @ApiPropertyOptional({
    type: [String],
    default: [],
    example: ['product.demo'],
    description: 'Further names under which events of it come; the name without `custom.` is one anyway',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  aliases?: string[];

  @ApiPropertyOptional({ type: [String], default: [], description: 'Fields by which readers may fold repeated events into one line' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  groupBy?: string[];

  @ApiPropertyOptional({ default: false, description: 'Whether the lead-scoring engine is told' })
  @IsOptional()
  @IsBoolean()
  scoreFeed?: boolean;

  @ApiPropertyOptional({ type: Number, nullable: true, minimum: -1000, maximum: 1000, description: 'Points an event is worth' })
  @IsOptional()
  @IsNumber()
  scoreWeight?: number | null;

  @ApiPropertyOptional({
    type: [String],
    default: [],
    example: ['attendee'],
    description: 'Fields that are personal data: never logged or passed on',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1_000)
  @IsString({ each: true })
  pii?: string[];

  @ApiPropertyOptional({ enum: ['staff', 'customer'], default: 'staff', description: 'customer: also for the customer it is about' })
  @IsOptional()
  @IsIn(['staff', 'customer'])
  visibility?: 'staff' | 'customer';

  @ApiPropertyOptional({
    type: [String],
    default: [],
    description: 'What of the payload a customer may read; the sentence is shown as a whole',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1_000)
  @IsString({ each: true })
  customerFields?: string[];

  @ApiPropertyOptional({ default: false })
  @IsOptional()
  @IsBoolean()
  deprecated?: boolean;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    default: [],
    example: [{ attendee: 'Ada Marsh', durationSeconds: 1800 }],
    description: 'Payloads; every later version must be able to read them',
  })
  @IsOptional()
  @Transform(verbatim)
  @IsArray()
  @IsObject({ each: true })
  examples?: Record<string, unknown>[];

  @ApiPropertyOptional({ type: [UpcasterAnswer], description: 'How payloads of the version before become such of this one, one at most' })
  @IsOptional()
  @Transform(verbatim)
  @IsArray()
  upcasters?: Upcaster[];
}
