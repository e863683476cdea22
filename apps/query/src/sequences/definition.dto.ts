import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { ENROLLMENT_STATES, SEQUENCE_LIMITS, type EnrollmentState } from '#libs/sequences';
import { toNumber } from '../http/read-parameters.js';

const ANYTHING = { type: 'object', additionalProperties: true } as const;
const LIST = { type: 'array', items: ANYTHING, maxItems: SEQUENCE_LIMITS.triggers } as const;
const ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** A sequence as it is written. Its shape is checked here, its meaning by libs/sequences. */
export class SequenceDto {
  @ApiPropertyOptional({ example: 'welcome', description: 'As in the path' })
  @IsOptional()
  @IsString()
  id?: string;

  @ApiProperty({ maxLength: SEQUENCE_LIMITS.nameLength, example: 'Welcome' })
  @IsString()
  @Length(1, SEQUENCE_LIMITS.nameLength)
  name: string;

  @ApiPropertyOptional({
    ...LIST,
    description: 'on (types) and if (a condition as in rules, without tags)',
    example: [{ on: ['lead.added'] }],
  })
  @IsOptional()
  @IsArray()
  enrollOn?: object[];

  @ApiProperty({
    ...{ ...LIST, minItems: 1, maxItems: SEQUENCE_LIMITS.steps },
    description: 'id, channel (email, task, call), delay (days, hours, minutes), templateId; by email also subject, text and html',
    example: [
      { id: 'hello', channel: 'email', delay: { hours: 1 }, subject: 'Hello {{firstName|there}}', text: 'Good to have you.' },
      { id: 'call', channel: 'call', delay: { days: 2 } },
    ],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(SEQUENCE_LIMITS.steps)
  @IsObject({ each: true })
  steps: object[];

  @ApiPropertyOptional({
    ...ANYTHING,
    description: 'When steps may run: wall-clock time of an IANA zone',
    example: { timeZone: 'Europe/Berlin', days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' },
  })
  @IsOptional()
  @IsObject()
  hours?: object;

  @ApiPropertyOptional({
    ...LIST,
    description: 'reason (reply, conversion, disqualification), on, if. Left out: a reply, a won deal, a lead whose status says so',
    example: [{ reason: 'reply', on: ['email.received'] }],
  })
  @IsOptional()
  @IsArray()
  exitOn?: object[];

  @ApiPropertyOptional({ ...LIST, description: 'name, on, if', example: [{ name: 'meeting booked', on: ['meeting.logged'] }] })
  @IsOptional()
  @IsArray()
  pauseOn?: object[];

  @ApiPropertyOptional({ ...LIST, description: 'name, on, if', example: [] })
  @IsOptional()
  @IsArray()
  resumeOn?: object[];

  @ApiPropertyOptional({ ...ANYTHING, description: 'Sender of its messages: name, address', example: { address: 'sales@example.com' } })
  @IsOptional()
  @IsObject()
  from?: object;
}

/** A playbook as it is written. */
export class PlaybookDto {
  @ApiPropertyOptional({ example: 'renewal-rescue', description: 'As in the path' })
  @IsOptional()
  @IsString()
  id?: string;

  @ApiProperty({ maxLength: SEQUENCE_LIMITS.nameLength, example: 'Renewal rescue' })
  @IsString()
  @Length(1, SEQUENCE_LIMITS.nameLength)
  name: string;

  @ApiProperty({ type: [String], example: ['form.submitted'], description: 'Types it starts on, by any name or alias' })
  @IsArray()
  @IsString({ each: true })
  on: string[];

  @ApiPropertyOptional({
    ...ANYTHING,
    description: 'A condition as in rules, without tags',
    example: { field: 'payload.formName', op: 'eq', value: 'cancel' },
  })
  @IsOptional()
  @IsObject()
  if?: object;

  @ApiProperty({
    ...{ ...LIST, minItems: 1, maxItems: SEQUENCE_LIMITS.actions },
    description: 'Each one of note (text), tag (tag), enroll (sequence)',
    example: [{ note: { text: 'Call them today.' } }, { enroll: { sequence: 'welcome' } }],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(SEQUENCE_LIMITS.actions)
  @IsObject({ each: true })
  actions: object[];
}

export class DefinitionPathDto {
  @ApiProperty({ example: 'welcome', pattern: ID.source, description: 'Chosen by whoever saves it first' })
  @Matches(ID, { message: 'id must be 1 to 64 letters, digits, dots, dashes and underscores' })
  id: string;
}

export class DefinitionsQueryDto {
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

export class EnrollmentsQueryDto extends DefinitionsQueryDto {
  @ApiPropertyOptional({ enum: ENROLLMENT_STATES, description: 'Only those that are so' })
  @IsOptional()
  @IsIn(ENROLLMENT_STATES)
  state?: EnrollmentState;
}
