import { Body, Controller, Inject, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { COMMENT_TOPIC, CONTROL_TOPIC, eventDefinition } from '#libs/contracts';
import type { EventRow } from '#libs/store';
import { AuthGuard } from '../auth/auth.guard.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { StaffGuard } from '../auth/staff.guard.js';
import { ApiProblems } from '../documents/api-problems.js';
import { ApiWrites, WrittenItemAnswer } from '../documents/written-answers.js';
import type { FastifyReply } from '../http/fastify-types.js';
import { meaningless, notFound } from '../http/problem-exception.js';
import { printStaffItem } from '../items/staff-item.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { EventPathDto } from '../timelines/record-path.dto.js';
import { entitiesToName } from './entities-to-name.js';
import { IdempotencyKey } from './idempotency-key.js';
import { RetractDto } from './manage.dto.js';
import { sendWritten } from './send-written.js';
import { writeEntry, type EntryDraft, type Written } from './write-entry.js';
import { RETRACTION_EXAMPLE } from './written-examples.js';

/** Taking a wrong activity back (seed 002's soft delete): it leaves the timelines and stays in the log. */
@ApiTags('events')
@ApiHeader({ name: 'orgid', required: false, description: 'The tenant; needed where the token names several' })
@ApiProblems(404, 422)
@UseGuards(AuthGuard, StaffGuard)
@Controller('api/v1/events')
export class RetractController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Post(':id/retract')
  @ApiOperation({ summary: 'Take a wrong activity off every timeline; it stays in the log; staff only' })
  @ApiBody({ type: RetractDto, required: false })
  @ApiWrites({ type: WrittenItemAnswer, example: RETRACTION_EXAMPLE, repeated: 'It was taken back before: by this entry' })
  async retract(
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
    @Param() path: EventPathDto,
    @Body() { reason }: RetractDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const id = path.id.toLowerCase();
    const target = await this.parts.store.eventById({ tenantId: principal.tenantId, audience: 'staff' }, id);
    if (target === null) throw notFound();
    assertRetractable(target);
    const written = await this.write(principal, target, key, retraction(target, reason));
    const field = (schemaPath: string): string => (schemaPath.endsWith('/reason') ? 'reason' : 'id');
    const scope = { tenantId: principal.tenantId, types: this.parts.types };
    await sendWritten(reply, written, { print: (row) => printStaffItem(scope, row), field });
  }

  private async write(principal: Principal, target: EventRow, key: string | undefined, draft: EntryDraft): Promise<Written> {
    const earlier = target.retractedAtPosition === null ? null : await this.parts.store.retractionOf(principal.tenantId, target.id);
    if (earlier !== null) return { outcome: 'written', row: earlier, repeated: true };
    return writeEntry(this.parts, principal, { key, draft: () => draft });
  }
}

/** What was retracted comes never back, so a retraction is final; comments are deleted by their author. */
function assertRetractable({ type }: EventRow): void {
  const topic = eventDefinition(type)?.topic;
  if (topic === COMMENT_TOPIC) {
    throw meaningless('not-retractable', 'id', 'comments are deleted at /api/crm/activity/comment/delete/:id');
  }
  if (topic === CONTROL_TOPIC) throw meaningless('not-retractable', 'id', `${type} cannot be taken back`);
}

const retraction = (target: EventRow, reason: string | undefined): EntryDraft => ({
  type: 'activity.retracted',
  entities: entitiesToName(target),
  payload: reason === undefined ? { targetEventId: target.id } : { targetEventId: target.id, reason },
});
