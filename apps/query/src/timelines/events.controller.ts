import { Controller, Get, Header, Inject, Param, UseGuards } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { AuthGuard } from '../auth/auth.guard.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { ApiProblems } from '../documents/api-problems.js';
import { CustomerItemAnswer, EventAnswer } from '../documents/answers.js';
import { notFound } from '../http/problem-exception.js';
import { printCustomerItem } from '../items/customer-item.js';
import { printEvent } from '../items/event-details.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { scopeOf } from './read-scope.js';
import { EventPathDto } from './record-path.dto.js';

/** The side panel: everything about one event. */
@ApiTags('events')
@ApiHeader({ name: 'orgid', required: false, description: 'The tenant; needed where the token names several' })
@ApiProblems(404)
@UseGuards(AuthGuard)
@Controller('api/v1/events')
export class EventsController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Get(':id')
  @ApiOperation({ summary: 'One event with its full payload, actor, exact times and links' })
  @ApiExtraModels(EventAnswer, CustomerItemAnswer)
  @ApiOkResponse({
    description: 'For staff everything, for the customer it is about what it may see',
    schema: { anyOf: [{ $ref: getSchemaPath(EventAnswer) }, { $ref: getSchemaPath(CustomerItemAnswer) }] },
  })
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('cache-control', 'no-store')
  async event(@CurrentPrincipal() principal: Principal, @Param() { id }: EventPathDto): Promise<string> {
    const row = await this.parts.store.eventById(scopeOf(principal), id.toLowerCase());
    if (row === null) throw notFound();
    const scope = { tenantId: principal.tenantId, types: this.parts.types };
    return principal.kind === 'customer' ? printCustomerItem(scope, row, principal.entity) : printEvent(scope, row);
  }
}
