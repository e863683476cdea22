import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { GRANULARITIES, ROLLUP_KEYS, type Granularity, type RollupKey } from '#libs/store';
import { NO_CONTROLS, toList, toNumber } from '../http/read-parameters.js';

/** Days that one answer may span. */
export const LONGEST_RANGE_DAYS = 400;
const MOST_KEYS = 1_000;

export class RollupsQueryDto {
  @ApiPropertyOptional({
    enum: ROLLUP_KEYS,
    default: 'type',
    description: 'What is counted by. An event counts once for each account it refers to, and for a user if a person did it',
  })
  @IsIn(ROLLUP_KEYS)
  by: RollupKey = 'type';

  @ApiPropertyOptional({
    description: 'First day (UTC), `2026-01-05`, or a moment in it; 30 days before `to` if left out',
    example: '2026-01-01',
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  from?: string;

  @ApiPropertyOptional({
    description: 'Last day (UTC), whole, or the moment (exclusive) up to which days are counted; today if left out',
    example: '2026-01-31',
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  to?: string;

  @ApiPropertyOptional({
    enum: GRANULARITIES,
    default: 'day',
    description: 'Weeks begin on Monday; the first and last period hold only the days asked for',
  })
  @IsIn(GRANULARITIES)
  granularity: Granularity = 'day';

  @ApiPropertyOptional({
    type: [String],
    description: 'Types to count, by any name or alias; repeated or comma separated',
    example: ['email.opened'],
  })
  @IsOptional()
  @Transform(toList)
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @Length(1, 255, { each: true })
  type?: string[];

  @ApiPropertyOptional({ description: 'Only events that refer to this account; with `by=type` or `by=account`', example: 'acc-1' })
  @IsOptional()
  @IsString()
  @Length(1, 255)
  @Matches(NO_CONTROLS, { message: 'account must not hold control characters' })
  account?: string;

  @ApiPropertyOptional({
    type: Number,
    minimum: 1,
    maximum: MOST_KEYS,
    default: 100,
    description: 'The keys with most events in the whole range',
  })
  @Transform(toNumber)
  @IsInt()
  @Min(1)
  @Max(MOST_KEYS)
  limit: number = 100;
}

export class RollupItem {
  @ApiProperty({ format: 'date', description: 'First day (UTC) of the period', example: '2026-01-05' })
  day: string;

  @ApiProperty({
    description: 'The type, kind of actor, account or user; the same stands in the member named like `by`',
    example: 'email.opened',
  })
  key: string;

  @ApiPropertyOptional({ description: 'With `by=type`', example: 'email.opened' })
  type?: string;

  @ApiPropertyOptional({ enum: ['human', 'agent', 'system'], description: 'With `by=actorKind`' })
  actorKind?: string;

  @ApiPropertyOptional({ description: 'With `by=account`: its id' })
  account?: string;

  @ApiPropertyOptional({ description: 'With `by=user`: the id of the person' })
  user?: string;

  @ApiProperty({ type: 'integer', minimum: 1, example: 12 })
  count: number;
}

export class RollupsAnswer {
  @ApiProperty({ type: [RollupItem], description: 'By day, then key; periods and keys without events are left out' })
  items: RollupItem[];

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Position of the log that the numbers stand for', example: 4711 })
  asOf: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Events appended since', example: 0 })
  lag: number;
}
