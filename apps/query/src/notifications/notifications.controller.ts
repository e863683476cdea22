import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { inTenant, markAllRead, markNotification } from '#libs/store';
import { AuthGuard } from '../auth/auth.guard.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { StaffGuard } from '../auth/staff.guard.js';
import { ApiProblems, ApiRefuses } from '../documents/api-problems.js';
import { notFound } from '../http/problem-exception.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { NotificationPathDto, NotificationsAnswer, NotificationsQueryDto, ReadAllAnswer, ReadAllDto } from './notification.dto.js';
import { notificationsPage } from './notifications-page.js';

/** What rules and mentions tell the caller. Nobody reads or marks another user's. */
@ApiTags('notifications')
@ApiHeader({ name: 'orgid', required: false, description: 'The tenant; needed where the token names several' })
@ApiProblems()
@UseGuards(AuthGuard, StaffGuard)
@Controller('api/v1/notifications')
export class NotificationsController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Get()
  @ApiOperation({ summary: 'Your notifications, that of the newest event first; staff only' })
  @ApiOkResponse({ type: NotificationsAnswer })
  @Header('cache-control', 'no-store')
  list(@CurrentPrincipal() principal: Principal, @Query() query: NotificationsQueryDto): Promise<NotificationsAnswer> {
    return notificationsPage(this.parts, principal, query);
  }

  @Post('read-all')
  @HttpCode(200)
  @ApiOperation({ summary: 'Mark all of yours as read; staff only' })
  @ApiOkResponse({ type: ReadAllAnswer })
  async readAll(@CurrentPrincipal() { tenantId, userId }: Principal, @Body() { position }: ReadAllDto): Promise<ReadAllAnswer> {
    const upto = position === undefined ? undefined : BigInt(position);
    return { marked: await inTenant(this.parts.app, tenantId, (client) => markAllRead(client, userId, upto)) };
  }

  @Post(':id/read')
  @HttpCode(204)
  @ApiOperation({ summary: 'Mark one of yours as read; harmless twice; staff only' })
  @ApiRefuses(404)
  @ApiNoContentResponse({ description: 'It is read' })
  read(@CurrentPrincipal() principal: Principal, @Param() { id }: NotificationPathDto): Promise<void> {
    return this.mark(principal, id, true);
  }

  @Post(':id/unread')
  @HttpCode(204)
  @ApiOperation({ summary: 'Mark one of yours as unread again; staff only' })
  @ApiRefuses(404)
  @ApiNoContentResponse({ description: 'It is unread' })
  unread(@CurrentPrincipal() principal: Principal, @Param() { id }: NotificationPathDto): Promise<void> {
    return this.mark(principal, id, false);
  }

  private async mark({ tenantId, userId }: Principal, id: string, read: boolean): Promise<void> {
    const marked = await inTenant(this.parts.app, tenantId, (client) => markNotification(client, userId, id.toLowerCase(), read));
    if (!marked) throw notFound();
  }
}
