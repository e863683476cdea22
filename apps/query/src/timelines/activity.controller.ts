import { Controller, Get, Header, Inject, Param, Query, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuthGuard } from '../auth/auth.guard.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { ApiProblems } from '../documents/api-problems.js';
import { ActivityAnswer } from '../documents/answers.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { printActivity } from './print-answer.js';
import { readPage, type PageWish } from './read-page.js';
import { assertPivot, pivotRecordOf } from './record-of.js';
import { ActivityPathDto, ActivityRecordPathDto } from './record-path.dto.js';
import { ActivityQueryDto } from './timeline-request.dto.js';

/** The read endpoints of seed 002, as it prints them. */
@ApiTags('crm activity')
@ApiHeader({ name: 'orgid', required: true, description: 'The tenant: one that the token names' })
@ApiProblems(400, 401, 403, 404, 422, 503)
@UseGuards(AuthGuard)
@Controller('api/crm/activity')
export class ActivityController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Get(['by-customer', 'by-customer/:datatype', 'by-customer/:datatype/:ownerId'])
  @ApiOperation({ summary: 'Activities about a contact, lead, merchant or account; without one, about all customers of the tenant' })
  @ApiOkResponse({ type: ActivityAnswer })
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('cache-control', 'no-store')
  byCustomer(@CurrentPrincipal() principal: Principal, @Param() path: ActivityPathDto, @Query() query: ActivityQueryDto): Promise<Buffer> {
    return this.answer(principal, timelineOf(path), query);
  }

  @Get('by-resource/:datatype/:ownerId')
  @ApiOperation({ summary: 'Activities about a ticket, campaign, order, deal, reservation, email thread, call or sequence' })
  @ApiOkResponse({ type: ActivityAnswer })
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('cache-control', 'no-store')
  byResource(
    @CurrentPrincipal() principal: Principal,
    @Param() path: ActivityRecordPathDto,
    @Query() query: ActivityQueryDto,
  ): Promise<Buffer> {
    return this.answer(principal, { timeline: pivotRecordOf('by-resource', path.datatype, path.ownerId) }, query);
  }

  private async answer(principal: Principal, asked: Asked, dto: ActivityQueryDto): Promise<Buffer> {
    const { page, pageSize } = dto;
    const read = await readPage(this.parts, principal, { ...asked, dto, limit: pageSize, numbered: { page } });
    return printActivity(this.parts, principal, asked, pageSize, read);
  }
}

type Asked = Pick<PageWish, 'timeline' | 'recordType'>;

/** Both parts of the path are optional: without an owner the feed of customers, or of the customers of one type. */
function timelineOf({ datatype, ownerId }: ActivityPathDto): Asked {
  if (datatype === undefined) return { timeline: { kind: 'feed', aboutCustomers: true } };
  if (ownerId !== undefined) return { timeline: pivotRecordOf('by-customer', datatype, ownerId) };
  assertPivot('by-customer', datatype, ':ownerId');
  return { timeline: { kind: 'feed', aboutCustomers: true }, recordType: datatype };
}
