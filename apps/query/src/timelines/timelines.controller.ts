import { Controller, Get, Header, Inject, Param, Query, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuthGuard } from '../auth/auth.guard.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { ApiProblems, ApiRefuses } from '../documents/api-problems.js';
import { TimelineAnswer } from '../documents/answers.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { printTimeline } from './print-answer.js';
import { readPage } from './read-page.js';
import { recordOf } from './record-of.js';
import { RecordPathDto } from './record-path.dto.js';
import { TimelineQueryDto } from './timeline-request.dto.js';

/** annals' own lists. */
@ApiTags('timelines')
@ApiHeader({ name: 'orgid', required: false, description: 'The tenant; needed where the token names several' })
@ApiProblems(422)
@UseGuards(AuthGuard)
@Controller('api/v1')
export class TimelinesController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Get('timelines/:entityType/:entityId')
  @ApiRefuses(404)
  @ApiOperation({ summary: 'What happened to one record, newest first' })
  @ApiOkResponse({ type: TimelineAnswer })
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('cache-control', 'no-store')
  async timeline(
    @CurrentPrincipal() principal: Principal,
    @Param() path: RecordPathDto,
    @Query() query: TimelineQueryDto,
  ): Promise<Buffer> {
    const timeline = recordOf('entityType', path.entityType, path.entityId);
    const read = await readPage(this.parts, principal, { timeline, dto: query, limit: query.limit });
    return printTimeline(this.parts, principal, read);
  }

  @Get('feed')
  @ApiOperation({ summary: 'What happened in the tenant, newest first; staff only' })
  @ApiOkResponse({ type: TimelineAnswer })
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('cache-control', 'no-store')
  async feed(@CurrentPrincipal() principal: Principal, @Query() query: TimelineQueryDto): Promise<Buffer> {
    const read = await readPage(this.parts, principal, { timeline: { kind: 'feed' }, dto: query, limit: query.limit });
    return printTimeline(this.parts, principal, read);
  }
}
