import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ENROLLMENT_STATES, type Enrollment, type EnrollmentState, type Sequence } from '#libs/sequences';
import type { StoredDefinition, StoredEnrollment } from '#libs/store';
import { PlaybookDto, SequenceDto } from './definition.dto.js';

const TIME = { type: 'string', format: 'date-time', example: '2026-01-05T14:30:00.000Z' } as const;
const VERSION = { example: 1, description: 'Saving something else makes the next one; a version never changes' } as const;
const FROM = {
  type: 'integer',
  format: 'int64',
  minimum: 0,
  example: 971,
  description: 'It starts on events behind this position',
} as const;

export class SequenceAnswer extends SequenceDto {
  @ApiProperty({ example: 'welcome' })
  declare id: string;

  @ApiProperty(VERSION)
  version: number;

  @ApiProperty(FROM)
  fromPosition: number;

  @ApiProperty({ example: 'jane@example.com', description: 'Who saved this version' })
  updatedBy: string;

  @ApiProperty(TIME)
  updatedAt: string;
}

export class SequencesAnswer {
  @ApiProperty({ type: [SequenceAnswer] })
  items: SequenceAnswer[];

  @ApiProperty({ type: String, nullable: true, description: 'Cursor of the next page' })
  next: string | null;
}

export class PlaybookAnswer extends PlaybookDto {
  @ApiProperty({ example: 'renewal-rescue' })
  declare id: string;

  @ApiProperty(VERSION)
  version: number;

  @ApiProperty(FROM)
  fromPosition: number;

  @ApiProperty({ example: 'jane@example.com', description: 'Who saved this version' })
  updatedBy: string;

  @ApiProperty(TIME)
  updatedAt: string;
}

export class PlaybooksAnswer {
  @ApiProperty({ type: [PlaybookAnswer] })
  items: PlaybookAnswer[];

  @ApiProperty({ type: String, nullable: true, description: 'Cursor of the next page' })
  next: string | null;
}

class RefAnswer {
  @ApiProperty({ example: 'lead' })
  type: string;

  @ApiProperty({ example: 'lead-xyz' })
  id: string;
}

class NextStepAnswer {
  @ApiProperty({ example: 'call' })
  id: string;

  @ApiProperty({ enum: ['email', 'task', 'call'] })
  channel: string;

  @ApiProperty({ ...TIME, description: 'When it is due; while paused: when it would have been' })
  dueAt: string;
}

/** Without address and name: they are personal data, and the log tells them to whoever may read it. */
export class EnrollmentAnswer {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ example: 'welcome' })
  sequence: string;

  @ApiProperty({ example: 1, description: 'Version of the sequence that it was begun with, and is ended with' })
  version: number;

  @ApiProperty({ type: RefAnswer })
  lead: RefAnswer;

  @ApiPropertyOptional({ example: 'contact-abc' })
  contact?: string;

  @ApiPropertyOptional({ example: 'acc-1' })
  account?: string;

  @ApiProperty({ enum: ENROLLMENT_STATES })
  state: EnrollmentState;

  @ApiProperty({ type: NextStepAnswer, nullable: true, description: 'Null: it is over' })
  next: NextStepAnswer | null;

  @ApiProperty(TIME)
  enrolledAt: string;
}

export class EnrollmentsAnswer {
  @ApiProperty({ type: [EnrollmentAnswer] })
  items: EnrollmentAnswer[];

  @ApiProperty({ type: String, nullable: true, description: 'Cursor of the next page' })
  next: string | null;
}

/** A definition as it was accepted, with what is known of its version. `T`: SequenceAnswer or PlaybookAnswer. */
export function definitionAnswer<T extends SequenceAnswer | PlaybookAnswer>(stored: StoredDefinition): T {
  const { version, definition, fromPosition, createdBy, createdAt } = stored;
  return {
    ...(JSON.parse(definition) as object),
    ...{ version, fromPosition: Number(fromPosition), updatedBy: createdBy, updatedAt: createdAt.toISOString() },
  } as T;
}

export function enrollmentAnswer(enrollment: Enrollment & Pick<StoredEnrollment, 'enrolledAt'>, { steps }: Sequence): EnrollmentAnswer {
  const { id, sequenceId, version, lead, contact, account, state, step, dueAt, enrolledAt } = enrollment;
  const next = state === 'active' || state === 'paused' ? steps[step] : undefined;
  return {
    ...{ id, sequence: sequenceId, version, lead: { type: lead.type, id: lead.id } },
    ...(contact && { contact: contact.id }),
    ...(account && { account: account.id }),
    state,
    next: next ? { id: next.id, channel: next.channel, dueAt: new Date(dueAt).toISOString() } : null,
    enrolledAt: enrolledAt.toISOString(),
  };
}
