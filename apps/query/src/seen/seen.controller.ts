import { Body, Controller, Get, Header, Inject, Param, Put, UseGuards } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { inTenant, moveSeenMark, seenMark, type TenantClient, type TimelineName } from '#libs/store';
import { AuthGuard } from '../auth/auth.guard.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { StaffGuard } from '../auth/staff.guard.js';
import { ApiProblems, ApiRefuses } from '../documents/api-problems.js';
import { meaningless } from '../http/problem-exception.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { recordOf } from '../timelines/record-of.js';
import { RecordPathDto } from '../timelines/record-path.dto.js';
import { SeenAnswer, SeenBody } from './seen.dto.js';

const FEED = { kind: 'feed' } as const;

/** How far each user has seen each timeline. A mark is the caller's own, and only moves forward. */
@ApiTags('seen')
@ApiHeader({ name: 'orgid', required: false, description: 'The tenant; needed where the token names several' })
@ApiProblems()
@UseGuards(AuthGuard, StaffGuard)
@Controller('api/v1')
export class SeenController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Get('timelines/:entityType/:entityId/seen')
  @ApiRefuses(422)
  @ApiOperation({ summary: 'How far the caller has seen a timeline, and how much is unseen; staff only' })
  @ApiOkResponse({ type: SeenAnswer })
  @Header('cache-control', 'no-store')
  seen(@CurrentPrincipal() principal: Principal, @Param() path: RecordPathDto): Promise<SeenAnswer> {
    return this.look(principal, recordOf('entityType', path.entityType, path.entityId));
  }

  @Put('timelines/:entityType/:entityId/seen')
  @ApiRefuses(422)
  @ApiOperation({ summary: 'Says that the caller has seen a timeline up to a position; never moves back; staff only' })
  @ApiBody({ type: SeenBody })
  @ApiOkResponse({ type: SeenAnswer })
  @Header('cache-control', 'no-store')
  see(@CurrentPrincipal() principal: Principal, @Param() path: RecordPathDto, @Body() body: SeenBody): Promise<SeenAnswer> {
    return this.move(principal, recordOf('entityType', path.entityType, path.entityId), body);
  }

  @Get('feed/seen')
  @ApiOperation({ summary: 'How far the caller has seen the feed, and how much is unseen; staff only' })
  @ApiOkResponse({ type: SeenAnswer })
  @Header('cache-control', 'no-store')
  feedSeen(@CurrentPrincipal() principal: Principal): Promise<SeenAnswer> {
    return this.look(principal, FEED);
  }

  @Put('feed/seen')
  @ApiRefuses(422)
  @ApiOperation({ summary: 'Says that the caller has seen the feed up to a position; never moves back; staff only' })
  @ApiBody({ type: SeenBody })
  @ApiOkResponse({ type: SeenAnswer })
  @Header('cache-control', 'no-store')
  seeFeed(@CurrentPrincipal() principal: Principal, @Body() body: SeenBody): Promise<SeenAnswer> {
    return this.move(principal, FEED, body);
  }

  private async look(principal: Principal, timeline: TimelineName): Promise<SeenAnswer> {
    return this.answer(principal, timeline, await this.mark(principal, (client) => seenMark(client, principal.userId, timeline)));
  }

  private async move(principal: Principal, timeline: TimelineName, { position }: SeenBody): Promise<SeenAnswer> {
    const head = await this.parts.store.head(principal.tenantId);
    if (position > head) throw meaningless('not-yet-written', 'position', `nothing stands beyond ${head}`);
    const mark = await this.mark(principal, (client) => moveSeenMark(client, principal.userId, timeline, BigInt(position)));
    return this.answer(principal, timeline, mark);
  }

  private mark(principal: Principal, work: (client: TenantClient) => Promise<bigint>): Promise<bigint> {
    return inTenant(this.parts.app, principal.tenantId, work);
  }

  private async answer({ tenantId, userId }: Principal, timeline: TimelineName, mark: bigint): Promise<SeenAnswer> {
    const { unseen, isFloor } = await this.parts.store.unseen({ tenantId, audience: 'staff' }, timeline, mark, userId);
    return { position: Number(mark), unseen, ...(isFloor && { unseenIsFloor: true }) };
  }
}
