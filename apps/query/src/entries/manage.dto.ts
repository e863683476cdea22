import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { ANY_RECORD, ENTITY_TYPES } from '#libs/contracts';
import { NO_CONTROLS, NOT_BLANK, verbatim } from '../http/read-parameters.js';
import { MANAGED_TYPES } from './managed-types.js';

const LONGEST_TEXT = 20_000;

/** A record that an entry is about besides the first. */
export class ReferenceDto {
  @ApiProperty({ enum: ENTITY_TYPES, example: 'account' })
  @IsString()
  @Length(1, 64)
  type: string;

  @ApiProperty({ example: 'acc-1' })
  @IsString()
  @Length(1, 255)
  @Matches(NO_CONTROLS, { message: 'id must not hold control characters' })
  id: string;

  @ApiPropertyOptional({ example: 'partner' })
  @IsOptional()
  @IsString()
  @Length(1, 255)
  role?: string;
}

/** What a person says of something that happened. */
export class ManageDto {
  @ApiProperty({ description: `By any name of ${MANAGED_TYPES.join(', ')}`, example: 'call_logged' })
  @IsString()
  @Length(1, 255)
  type: string;

  @ApiProperty({ enum: ANY_RECORD, example: 'contact' })
  @IsString()
  @Length(1, 64)
  datatype: string;

  @ApiProperty({ example: 'contact-abc' })
  @IsString()
  @Length(1, 255)
  @Matches(NO_CONTROLS, { message: 'ownerId must not hold control characters' })
  ownerId: string;

  @ApiPropertyOptional({
    description: 'Shown as written instead of a generated sentence; of a note without text it is the text',
    example: '15min discovery call. Interested in enterprise plan.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_TEXT)
  @Matches(NOT_BLANK, { message: 'summary must not be blank' })
  summary?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, example: 900 })
  @IsOptional()
  @IsNumber()
  durationSeconds?: number;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Goes into the payload; docs/events.md has the fields of each type',
    example: { phone: '+15551234567', outcome: 'positive' },
  })
  @IsOptional()
  @Transform(verbatim)
  @IsObject()
  metadata?: Record<string, unknown>;

  @ApiPropertyOptional({ format: 'date-time', description: 'When it happened (RFC 3339 with offset); now, if left out' })
  @IsOptional()
  @IsString()
  occurredAt?: string;

  @ApiPropertyOptional({ maxLength: LONGEST_TEXT })
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_TEXT)
  @Matches(NOT_BLANK, { message: 'text must not be blank' })
  text?: string;

  @ApiPropertyOptional({ description: 'Keep a note on top of the record' })
  @IsOptional()
  @IsBoolean()
  pinned?: boolean;

  @ApiPropertyOptional({ type: [ReferenceDto], description: 'Further records that the entry is about' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(31)
  @ValidateNested({ each: true })
  @Type(() => ReferenceDto)
  entities?: ReferenceDto[];
}

/** Add Note. */
export class NoteDto {
  @ApiProperty({ minLength: 1, maxLength: LONGEST_TEXT, example: 'Prefers to be called after lunch.' })
  @IsString()
  @Length(1, LONGEST_TEXT)
  @Matches(/\S/, { message: 'text must not be blank' })
  text: string;

  @ApiPropertyOptional({ description: 'Keep it on top of the record' })
  @IsOptional()
  @IsBoolean()
  pinned?: boolean;
}

export class RetractDto {
  @ApiPropertyOptional({ maxLength: 2000, example: 'logged on the wrong contact' })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  reason?: string;
}
