import { Body, Controller, Inject, Post, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuthGuard } from '../auth/auth.guard.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { StaffGuard } from '../auth/staff.guard.js';
import { ApiProblems } from '../documents/api-problems.js';
import { ApiWrites, WrittenActivityAnswer } from '../documents/written-answers.js';
import type { FastifyReply } from '../http/fastify-types.js';
import { printActivityItem } from '../items/staff-item.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { IdempotencyKey } from './idempotency-key.js';
import { manageDraft, manageField } from './manage-draft.js';
import { ManageDto } from './manage.dto.js';
import { sendWritten } from './send-written.js';
import { writeEntry } from './write-entry.js';
import { CALL_EXAMPLE } from './written-examples.js';

/** Seed 002's route for what people log by hand. */
@ApiTags('crm activity')
@ApiHeader({ name: 'orgid', required: true, description: 'The tenant: one that the token names' })
@ApiProblems(422)
@UseGuards(AuthGuard, StaffGuard)
@Controller('api/crm/activity')
export class ManageController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Post('manage')
  @ApiOperation({ summary: 'Log a call, a meeting or a note by hand; staff only', description: 'JSON is also taken as text/plain here' })
  @ApiWrites({ type: WrittenActivityAnswer, example: CALL_EXAMPLE, repeated: 'The key was used before, for the same' })
  async manage(
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
    @Body() body: ManageDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const scope = { tenantId: principal.tenantId, types: this.parts.types };
    const draft = manageDraft(scope, body);
    const owner = { type: body.datatype, id: body.ownerId };
    const written = await writeEntry(this.parts, principal, { key, draft: () => draft });
    await sendWritten(reply, written, { print: (row) => printActivityItem(scope, row, owner), field: manageField });
  }
}
