import { Controller, Header, Inject, Post, UseGuards } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { issueTicket } from '#libs/store';
import { AuthGuard } from '../auth/auth.guard.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { ApiProblems } from '../documents/api-problems.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { LIVE_DEFAULTS } from './live-options.js';

class TicketAnswer {
  @ApiProperty({ description: 'Good for one stream, on any instance', example: 'Wx8MPg1eTFOKPg9MXzuaEZ3q…' })
  ticket: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-05T14:30:30.000Z' })
  expiresAt: string;
}

/** Browsers cannot send a token with EventSource: they fetch a ticket with it and open the stream with that. */
@ApiTags('live')
@ApiHeader({ name: 'orgid', required: false, description: 'The tenant; needed where the token names several' })
@ApiProblems()
@UseGuards(AuthGuard)
@Controller('api/v1/feed/tickets')
export class TicketsController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Post()
  @ApiOperation({ summary: 'A one-time ticket for a live stream, with the tenant and the audience of the caller' })
  @ApiCreatedResponse({ type: TicketAnswer })
  @Header('cache-control', 'no-store')
  async issue(@CurrentPrincipal() principal: Principal): Promise<TicketAnswer> {
    const { ticketMs } = this.parts.live ?? LIVE_DEFAULTS;
    const { ticket, expiresAt } = await issueTicket(this.parts.app, principal, ticketMs);
    return { ticket, expiresAt: new Date(expiresAt).toISOString() };
  }
}
