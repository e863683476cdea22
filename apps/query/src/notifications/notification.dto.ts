import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator';
import { EventBrief } from '../items/event-brief.js';
import { toFlag, toNumber } from '../http/read-parameters.js';

export class NotificationsQueryDto {
  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Only what is unread' })
  @Transform(toFlag)
  @IsBoolean()
  unread: boolean = false;

  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: 200, default: 50, description: 'Items a page' })
  @Transform(toNumber)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  @ApiPropertyOptional({ description: '`next` of the page before' })
  @IsOptional()
  @IsString()
  @Length(1, 400)
  cursor?: string;
}

export class NotificationPathDto {
  @ApiProperty({ format: 'uuid', description: 'The `id` of a notification' })
  @IsUUID('all')
  id: string;
}

export class ReadAllDto {
  @ApiPropertyOptional({
    type: Number,
    minimum: 1,
    example: 971,
    description: 'Up to the event at this position, the newest that was shown; by default all',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  position?: number;
}

/** That somebody is told of an event, and the event. */
export class NotificationAnswer extends EventBrief {
  @ApiProperty({ format: 'uuid', description: 'Also the CloudEvents id on annals.notifications' })
  id: string;

  @ApiProperty({ description: 'The rule that fired, or mention', example: 'mention' })
  ruleId: string;

  @ApiProperty({ example: 1 })
  ruleVersion: number;

  @ApiProperty({ example: 'vip opened', description: 'Name of the rule when it fired' })
  reason: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-01-05T14:30:01.000Z' })
  createdAt: string;

  @ApiProperty()
  read: boolean;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: null })
  readAt: string | null;
}

export class NotificationsAnswer {
  @ApiProperty({ type: [NotificationAnswer], description: 'That of the newest event first' })
  items: NotificationAnswer[];

  @ApiProperty({ type: String, nullable: true, description: 'Cursor of the next page' })
  next: string | null;

  @ApiProperty({ example: 3, description: 'How many are unread in all; not counted beyond 10,000' })
  unread: number;
}

export class ReadAllAnswer {
  @ApiProperty({ example: 3, description: 'How many were unread' })
  marked: number;
}
