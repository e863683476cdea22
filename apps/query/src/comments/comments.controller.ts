import { Body, Controller, Delete, Get, Header, Inject, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuthGuard } from '../auth/auth.guard.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { StaffGuard } from '../auth/staff.guard.js';
import { ApiProblems, ApiRefuses } from '../documents/api-problems.js';
import { ApiWrites, WrittenActivityAnswer } from '../documents/written-answers.js';
import { IdempotencyKey } from '../entries/idempotency-key.js';
import { sendWritten } from '../entries/send-written.js';
import { writeEntry } from '../entries/write-entry.js';
import type { FastifyReply } from '../http/fastify-types.js';
import { entitiesOf } from '../items/read-event.js';
import { printActivityItem } from '../items/staff-item.js';
import type { TypeScope } from '../items/type-scope.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { recordOf } from '../timelines/record-of.js';
import { ActivityRecordPathDto } from '../timelines/record-path.dto.js';
import { CommentsAnswer, WrittenCommentAnswer } from './comment-answers.js';
import { CommentDto, CommentPathDto, CommentsQueryDto, DeleteCommentDto } from './comment.dto.js';
import { COMMENT_EXAMPLE, DELETION_EXAMPLE } from './comment-examples.js';
import { commentsPage } from './comments-page.js';
import { createWish } from './create-comment.js';
import { deleteComment } from './delete-comment.js';
import { printComment } from './print-comment.js';

const DELETE_SUMMARY = 'Delete a comment: its author, or the scope admin; a tombstone stays where others have answered it; staff only';
const DELETED = {
  type: WrittenActivityAnswer,
  example: DELETION_EXAMPLE,
  repeated: 'The tombstone: of now, or of the first time',
  creates: false,
} as const;

/** Comments as seed 002 prints their paths: for staff, never on anything that a customer reads. */
@ApiTags('crm comments')
@ApiHeader({ name: 'orgid', required: true, description: 'The tenant: one that the token names' })
@ApiProblems(422)
@UseGuards(AuthGuard, StaffGuard)
@Controller('api/crm/activity/comment')
export class CommentsController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Post('create')
  @ApiOperation({ summary: 'Comment on a record; staff only', description: 'JSON is also taken as text/plain here' })
  @ApiWrites({ type: WrittenCommentAnswer, example: COMMENT_EXAMPLE, repeated: 'The key was used before, for the same' })
  async createComment(
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
    @Body() body: CommentDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { type, id } = recordOf('datatype', body.datatype, body.ownerId);
    const written = await writeEntry(this.parts, principal, { key, ...createWish(this.parts, principal, { type, id }, body) });
    const field = (schemaPath: string): string => schemaPath.split('/').at(-1) ?? 'body';
    await sendWritten(reply, written, { print: (row) => printComment(this.scopeOf(principal), row, { type, id }), field });
  }

  @Get('get/:datatype/:ownerId')
  @ApiOperation({ summary: 'The comments on a record, threaded; staff only' })
  @ApiOkResponse({ type: CommentsAnswer })
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('cache-control', 'no-store')
  comments(
    @CurrentPrincipal() principal: Principal,
    @Param() { datatype, ownerId }: ActivityRecordPathDto,
    @Query() query: CommentsQueryDto,
  ): Promise<string> {
    const { type, id } = recordOf('datatype', datatype, ownerId);
    return commentsPage(this.parts, principal, { type, id }, query);
  }

  @Delete('delete/:id')
  @ApiOperation({ summary: DELETE_SUMMARY })
  @ApiBody({ type: DeleteCommentDto, required: false })
  @ApiRefuses(404)
  @ApiWrites(DELETED)
  deleteComment(
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
    @Param() { id }: CommentPathDto,
    @Body() body: DeleteCommentDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.remove(principal, key, id, body, reply);
  }

  @Post('delete/:id')
  @ApiOperation({ summary: `${DELETE_SUMMARY} (the seed names no method)` })
  @ApiBody({ type: DeleteCommentDto, required: false })
  @ApiRefuses(404)
  @ApiWrites(DELETED)
  deleteCommentByPost(
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
    @Param() { id }: CommentPathDto,
    @Body() body: DeleteCommentDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.remove(principal, key, id, body, reply);
  }

  private async remove(
    principal: Principal,
    key: string | undefined,
    id: string,
    { reason }: DeleteCommentDto,
    reply: FastifyReply,
  ): Promise<void> {
    const written = await deleteComment(this.parts, principal, { id, key, reason });
    const [owner = { type: '', id: '' }] = written.entities;
    await sendWritten(reply, written.outcome, {
      print: (row) => printActivityItem(this.scopeOf(principal), row, entitiesOf(row)[0] ?? owner),
      field: (schemaPath) => (schemaPath.endsWith('/reason') ? 'reason' : 'id'),
      status: 200,
    });
  }
  private scopeOf({ tenantId }: Principal): TypeScope {
    return { tenantId, types: this.parts.types };
  }
}
