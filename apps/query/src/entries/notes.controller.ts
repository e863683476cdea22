import { Body, Controller, Inject, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuthGuard } from '../auth/auth.guard.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { StaffGuard } from '../auth/staff.guard.js';
import { ApiProblems } from '../documents/api-problems.js';
import { ApiWrites, WrittenItemAnswer } from '../documents/written-answers.js';
import type { FastifyReply } from '../http/fastify-types.js';
import { printStaffItem } from '../items/staff-item.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { RecordPathDto } from '../timelines/record-path.dto.js';
import { recordOf } from '../timelines/record-of.js';
import { IdempotencyKey } from './idempotency-key.js';
import { manageField } from './manage-draft.js';
import { NoteDto } from './manage.dto.js';
import { sendWritten } from './send-written.js';
import { writeEntry, type EntryDraft } from './write-entry.js';
import { NOTE_EXAMPLE } from './written-examples.js';

/** Add Note, as the account page has it. */
@ApiTags('timelines')
@ApiHeader({ name: 'orgid', required: false, description: 'The tenant; needed where the token names several' })
@ApiProblems(422)
@UseGuards(AuthGuard, StaffGuard)
@Controller('api/v1/timelines')
export class NotesController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Post(':entityType/:entityId/notes')
  @ApiOperation({ summary: 'Add a note to a record; staff only', description: 'JSON is also taken as text/plain here' })
  @ApiWrites({ type: WrittenItemAnswer, example: NOTE_EXAMPLE, repeated: 'The key was used before, for the same' })
  async note(
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
    @Param() { entityType, entityId }: RecordPathDto,
    @Body() { text, pinned }: NoteDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { type, id } = recordOf('entityType', entityType, entityId);
    const payload = pinned === undefined ? { text } : { text, pinned };
    const draft: EntryDraft = { type: 'note.added', entities: [{ type, id }], payload };
    const written = await writeEntry(this.parts, principal, { key, draft: () => draft });
    const scope = { tenantId: principal.tenantId, types: this.parts.types };
    await sendWritten(reply, written, { print: (row) => printStaffItem(scope, row), field: manageField });
  }
}
