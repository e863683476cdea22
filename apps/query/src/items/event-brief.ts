import { ApiProperty } from '@nestjs/swagger';
import { deepLinkOf, summaryOf, type EntityRef } from '#libs/contracts';
import type { EventRow } from '#libs/store';
import { entitiesOf } from './read-event.js';
import { definitionOf, type TypeScope } from './type-scope.js';

const TIME = { type: 'string', format: 'date-time', example: '2026-01-05T14:30:00.000000Z' } as const;

class BriefEntityAnswer {
  @ApiProperty({ example: 'contact' })
  type: string;

  @ApiProperty({ example: 'contact-abc' })
  id: string;
}

class BriefActorAnswer {
  @ApiProperty({ enum: ['human', 'agent', 'system'] })
  type: string;

  @ApiProperty({ example: 'jane@example.com' })
  id: string;
}

/** An event in one line, for lists that are about something else. */
export class EventBrief {
  @ApiProperty({ format: 'uuid', description: 'For GET /api/v1/events/:id' })
  eventId: string;

  @ApiProperty({ type: 'integer', format: 'int64', example: 971 })
  position: number;

  @ApiProperty({ example: 'email.opened' })
  type: string;

  @ApiProperty({ ...TIME, description: 'When it happened' })
  occurredAt: string;

  @ApiProperty({ type: BriefActorAnswer })
  actor: BriefActorAnswer;

  @ApiProperty({ type: BriefEntityAnswer, nullable: true, description: 'What it is primarily about' })
  entity: BriefEntityAnswer | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'opened email “Your quote”',
    description: 'Rendered now, never stored; null where the entry has been taken back',
  })
  summary: string | null;

  @ApiProperty({ example: 'mail-open' })
  icon: string;

  @ApiProperty({ type: String, nullable: true, example: 'email_thread/msg_abc123' })
  deepLink: string | null;

  @ApiProperty({ description: 'Whether the entry has been taken back' })
  retracted: boolean;
}

/** For staff. What was taken back keeps its place and loses its sentence. */
export function eventBrief(scope: TypeScope, row: EventRow): EventBrief {
  const definition = definitionOf(scope, row.type);
  const entities: readonly EntityRef[] = entitiesOf(row);
  const retracted = row.retractedAtPosition !== null;
  return {
    eventId: row.id,
    position: Number(row.position),
    type: row.type,
    occurredAt: row.occurredAt,
    actor: { type: row.actorType, id: row.actorId },
    entity: entities[0] ? { type: entities[0].type, id: entities[0].id } : null,
    summary: retracted ? null : summaryOf(row, definition),
    icon: definition?.icon ?? 'circle',
    deepLink: deepLinkOf({ ...row, entities }, definition),
    retracted,
  };
}
