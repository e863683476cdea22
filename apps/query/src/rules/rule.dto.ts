import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';
import { RULE_LIMITS } from '#libs/rules';
import { toNumber } from '../http/read-parameters.js';
import { IsPositionOrTime, type PositionOrTime } from './position-or-time.js';

/** May be left out, but null is refused: "no condition" by mistake would start a rule on everything. */
const IsLeftOutOr = () => ValidateIf((_, value) => value !== undefined);

const ANYTHING = { type: 'object', additionalProperties: true } as const;

/** A rule as it is written. Its shape is checked here, its meaning by libs/rules. */
export class RuleDto {
  @ApiProperty({ maxLength: RULE_LIMITS.nameLength, example: 'vip opened', description: 'Shown to whom it notifies' })
  @IsString()
  @Length(1, RULE_LIMITS.nameLength)
  name: string;

  @ApiProperty({
    type: [String],
    maxItems: RULE_LIMITS.types,
    example: ['email.opened'],
    description: 'Types it starts on, by any name or alias',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(RULE_LIMITS.types)
  @IsString({ each: true })
  on: string[];

  @ApiPropertyOptional({
    ...ANYTHING,
    description:
      'all, any, not, or field, op and value. Fields: payload.<field>, type, source, actor.type, actor.id, occurredAt, <record type>.id, contact|lead|merchant.tags',
    example: { all: [{ field: 'contact.tags', op: 'includes', value: 'vip' }] },
  })
  @IsLeftOutOr()
  @IsObject()
  if?: object;

  @ApiProperty({
    type: 'array',
    items: ANYTHING,
    maxItems: RULE_LIMITS.actions,
    description: 'notify with user (an id) or userFrom (actor, mentions, payload.<field>)',
    example: [{ notify: { user: 'rep-1' } }],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(RULE_LIMITS.actions)
  @IsObject({ each: true })
  then: object[];

  @ApiPropertyOptional({
    type: Number,
    maximum: RULE_LIMITS.ageHours,
    example: 4,
    description: 'Leave events alone that were appended later than this after they happened',
  })
  @IsLeftOutOr()
  @IsNumber()
  maxAgeHours?: number;
}

export class SaveRuleDto extends RuleDto {
  @ApiPropertyOptional({ type: Boolean, default: true, description: 'false: kept, but starts nothing' })
  @IsBoolean()
  enabled: boolean = true;
}

export class RulePathDto {
  @ApiProperty({ format: 'uuid', description: 'The `id` of a rule' })
  @IsUUID('all')
  id: string;
}

/** The ledger also has the rule of mentions. */
export class EffectsPathDto {
  @ApiProperty({ description: 'A rule, or mention: the rule that every tenant has', example: 'mention' })
  @Matches(/^(mention|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i, { message: 'id must be a UUID, or mention' })
  id: string;
}

export class RulesQueryDto {
  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: 200, default: 50, description: 'Items a page' })
  @Transform(toNumber)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  @ApiPropertyOptional({ description: '`next` of the page before' })
  @IsOptional()
  @IsString()
  @Length(1, 2000)
  cursor?: string;
}

export const EFFECT_OUTCOMES = ['fired', 'held: backfill', 'too old', 'retracted'] as const;

export class EffectsQueryDto extends RulesQueryDto {
  @ApiPropertyOptional({ enum: EFFECT_OUTCOMES, description: 'Only what came out so' })
  @IsOptional()
  @IsIn(EFFECT_OUTCOMES)
  outcome?: (typeof EFFECT_OUTCOMES)[number];
}

const PLACE = {
  oneOf: [
    { type: 'integer', format: 'int64', minimum: 1 },
    { type: 'string', format: 'date-time' },
  ],
};

/** A rule to try: written out, or one that is saved. */
export class DryRunDto {
  @ApiPropertyOptional({
    ...ANYTHING,
    description: 'A rule as in POST /api/v1/rules; or ruleId',
    example: { name: 'vip opened', on: ['email.opened'], then: [{ notify: { user: 'rep-1' } }] },
  })
  @IsOptional()
  @IsObject()
  rule?: object;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID('all')
  ruleId?: string;

  @ApiPropertyOptional({
    ...PLACE,
    default: 1,
    description:
      'First position to look at, or a time: everything recorded (appended) at or after it, whenever it happened. To go on, `next` of the answer before',
  })
  @IsPositionOrTime()
  from: PositionOrTime = 1;

  @ApiPropertyOptional({
    ...PLACE,
    example: '2026-01-12T00:00:00Z',
    description: 'Last position to look at, or a time: everything recorded before it; by default all there is',
  })
  @IsOptional()
  @IsPositionOrTime()
  to?: PositionOrTime;

  @ApiPropertyOptional({
    type: Number,
    minimum: 1,
    maximum: 200,
    default: 50,
    description: 'How many matches to show; all that are scanned are counted',
  })
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;
}
