import { ApiProperty } from '@nestjs/swagger';
import { EventBrief } from '../items/event-brief.js';
import { EFFECT_OUTCOMES, SaveRuleDto } from './rule.dto.js';

const TIME = { type: 'string', format: 'date-time', example: '2026-01-05T14:30:00.000Z' } as const;
const POSITION = { type: 'integer', format: 'int64', minimum: 0, example: 971 } as const;

export class RuleAnswer extends SaveRuleDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ example: 1, description: 'Each saving makes a new one; the ETag' })
  version: number;

  @ApiProperty({ ...POSITION, description: 'Head of the log when this version was saved: it applies to events behind it' })
  fromPosition: number;

  @ApiProperty({ example: 'jane@example.com' })
  createdBy: string;

  @ApiProperty(TIME)
  createdAt: string;

  @ApiProperty({ example: 'jane@example.com', description: 'Who saved this version' })
  updatedBy: string;

  @ApiProperty(TIME)
  updatedAt: string;
}

export class RulesAnswer {
  @ApiProperty({ type: [RuleAnswer] })
  items: RuleAnswer[];

  @ApiProperty({ type: String, nullable: true, description: 'Cursor of the next page' })
  next: string | null;
}

class EffectAnswer {
  @ApiProperty({ example: 1 })
  ruleVersion: number;

  @ApiProperty({ format: 'uuid' })
  eventId: string;

  @ApiProperty(POSITION)
  position: number;

  @ApiProperty({ example: 'rep-1' })
  recipient: string;

  @ApiProperty({ enum: EFFECT_OUTCOMES, description: 'fired; the others matched and told nobody' })
  outcome: (typeof EFFECT_OUTCOMES)[number];

  @ApiProperty({ ...TIME, description: 'When it was decided' })
  at: string;
}

export class EffectsAnswer {
  @ApiProperty({ type: [EffectAnswer], description: 'That of the newest event first' })
  items: EffectAnswer[];

  @ApiProperty({ type: String, nullable: true, description: 'Cursor of the next page' })
  next: string | null;
}

/** What a rule would have done about one event. */
export class DryRunMatch extends EventBrief {
  @ApiProperty({ enum: EFFECT_OUTCOMES, description: 'What the ledger would say' })
  outcome: (typeof EFFECT_OUTCOMES)[number];

  @ApiProperty({ type: 'integer', minimum: 1, example: 1, description: 'How many it would have told' })
  recipientCount: number;

  @ApiProperty({ type: [String], example: ['rep-1'], description: 'The first 50 of them' })
  recipients: string[];
}

class DryRunCounts {
  @ApiProperty({ example: 12, description: 'Notifications it would have made' })
  fired: number;

  @ApiProperty({ example: 3, description: 'Held because the event is backfilled' })
  heldBackfill: number;

  @ApiProperty({ example: 0, description: 'Left alone because of maxAgeHours' })
  tooOld: number;

  @ApiProperty({ example: 0, description: 'Left alone because the event had been retracted before it came' })
  retracted: number;
}

class DryRunRangeAnswer {
  @ApiProperty({ ...POSITION, example: 1, description: 'The first' })
  from: number;

  @ApiProperty({ ...POSITION, description: 'The last' })
  to: number;
}

export class DryRunAnswer {
  @ApiProperty({ example: 12, description: 'Notifications it would have made about what was scanned' })
  count: number;

  @ApiProperty({ type: DryRunCounts })
  counts: DryRunCounts;

  @ApiProperty({ type: [DryRunMatch], description: 'The first matches, oldest first' })
  items: DryRunMatch[];

  @ApiProperty({
    type: DryRunRangeAnswer,
    description: 'The positions that were asked for, as far as it can look; times are positions here',
  })
  range: DryRunRangeAnswer;

  @ApiProperty({ ...POSITION, description: 'Everything from `range.from` to here was looked at; `range.to` when it is done' })
  scannedTo: number;

  @ApiProperty({ ...POSITION, description: 'How far it can look: the newest position, or where automation is if the rule asks for tags' })
  reach: number;

  @ApiProperty({
    ...POSITION,
    type: Number,
    nullable: true,
    example: null,
    description: '`from` of the request that goes on here; null: done',
  })
  next: number | null;

  @ApiProperty({ description: 'Whether it has looked at all that was asked for' })
  done: boolean;
}
