import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { TABS, type Tab } from '#libs/contracts';
import { NO_CONTROLS, toFlag, toList, toNumber } from '../http/read-parameters.js';

const LARGEST_PAGE = 200;
const LARGEST_DEPTH = 1000;

/** What every list of events can be narrowed by; combined with and. */
export class TimelineFilterDto {
  @ApiPropertyOptional({
    type: [String],
    description: 'Types to show, by any name or alias; repeated or comma separated',
    example: ['email.opened'],
  })
  @IsOptional()
  @Transform(toList)
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @Length(1, 255, { each: true })
  type?: string[];

  @ApiPropertyOptional({
    enum: TABS,
    description:
      'A tab of the account page. `hierarchy` of an account holds its own moves and every entry of the accounts below it; of anything else, moves alone',
  })
  @IsOptional()
  @IsIn(TABS)
  tab?: Tab;

  @ApiPropertyOptional({ description: 'Who did it: an id, or kind and id such as `human/jane@example.com`', example: 'system' })
  @IsOptional()
  @IsString()
  @Length(1, 300)
  @Matches(NO_CONTROLS, { message: 'actor must not hold control characters' })
  actor?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Happened at or after (RFC 3339 with offset)' })
  @IsOptional()
  @IsString()
  from?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Happened before (RFC 3339 with offset)' })
  @IsOptional()
  @IsString()
  to?: string;

  @ApiPropertyOptional({ type: Boolean, description: 'Show retracted entries as well; staff only' })
  @IsOptional()
  @Transform(toFlag)
  @IsBoolean()
  includeRetracted?: boolean;

  @ApiPropertyOptional({ description: '`next` of the page before; only with the same filters' })
  @IsOptional()
  @IsString()
  @Length(1, 400)
  cursor?: string;

  @ApiPropertyOptional({ type: String, description: '`pin` of an earlier answer: show the timeline as it was then' })
  @IsOptional()
  @IsString()
  @Length(1, 400)
  pin?: string;
}

/** What a list that comes in pages takes besides. */
export class PagedFilterDto extends TimelineFilterDto {
  @ApiPropertyOptional({
    type: Number,
    minimum: 1,
    maximum: LARGEST_DEPTH,
    description: 'Only with `tab=hierarchy` of an account: so many levels below it, 1 for the accounts directly below; all when left out',
  })
  @IsOptional()
  @Transform(toNumber)
  @IsInt()
  @Min(1)
  @Max(LARGEST_DEPTH)
  depth?: number;
}

/** Query of annals' own lists. */
export class TimelineQueryDto extends PagedFilterDto {
  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: LARGEST_PAGE, default: 50, description: 'Items a page' })
  @Transform(toNumber)
  @IsInt()
  @Min(1)
  @Max(LARGEST_PAGE)
  limit: number = 50;
}

/** Query of seed 002's lists. */
export class ActivityQueryDto extends PagedFilterDto {
  @ApiPropertyOptional({
    type: Number,
    minimum: 1,
    maximum: 10_000_000,
    default: 1,
    description: 'Counted from 1; of a long list `cursor` is faster',
  })
  @IsOptional()
  @Transform(toNumber)
  @IsInt()
  @Min(1)
  @Max(10_000_000)
  page?: number;

  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: LARGEST_PAGE, default: 50, description: 'Items a page' })
  @Transform(toNumber)
  @IsInt()
  @Min(1)
  @Max(LARGEST_PAGE)
  pageSize: number = 50;
}
