import { Controller, Get, Header, Inject, Param, Query, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuthGuard } from '../auth/auth.guard.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { ApiProblems, ApiRefuses } from '../documents/api-problems.js';
import { ActivityAnswer } from '../documents/answers.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { printActivity } from './print-answer.js';
import { readPage, type PageWish } from './read-page.js';
import { assertPivot, pivotRecordOf } from './record-of.js';
import { ActivityRecordPathDto, ActivityTypePathDto } from './record-path.dto.js';
import { ActivityQueryDto } from './timeline-request.dto.js';

const ABOUT_CUSTOMERS = { kind: 'feed', aboutCustomers: true } as const;
const JSON_TYPE = 'application/json; charset=utf-8';

/** The read endpoints of seed 002, as it prints them: in `by-customer/:datatype?/:ownerId?` both parts may be left out. */
@ApiTags('crm activity')
@ApiHeader({ name: 'orgid', required: true, description: 'The tenant: one that the token names' })
@ApiProblems(422)
@UseGuards(AuthGuard)
@Controller('api/crm/activity')
export class ActivityController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Get('by-customer')
  @ApiOperation({ summary: 'Activities about any contact, lead or merchant of the tenant; staff only' })
  @ApiOkResponse({ type: ActivityAnswer })
  @Header('content-type', JSON_TYPE)
  @Header('cache-control', 'no-store')
  byCustomers(@CurrentPrincipal() principal: Principal, @Query() query: ActivityQueryDto): Promise<Buffer> {
    return this.answer(principal, { timeline: ABOUT_CUSTOMERS }, query);
  }

  @Get('by-customer/:datatype')
  @ApiOperation({ summary: 'Activities about the contacts, leads, merchants or accounts of the tenant; staff only' })
  @ApiOkResponse({ type: ActivityAnswer })
  @Header('content-type', JSON_TYPE)
  @Header('cache-control', 'no-store')
  byCustomerType(
    @CurrentPrincipal() principal: Principal,
    @Param() { datatype }: ActivityTypePathDto,
    @Query() query: ActivityQueryDto,
  ): Promise<Buffer> {
    assertPivot('by-customer', datatype, ':ownerId');
    return this.answer(principal, { timeline: ABOUT_CUSTOMERS, recordType: datatype }, query);
  }

  @Get('by-customer/:datatype/:ownerId')
  @ApiRefuses(404)
  @ApiOperation({ summary: 'Activities about one contact, lead, merchant or account' })
  @ApiOkResponse({ type: ActivityAnswer })
  @Header('content-type', JSON_TYPE)
  @Header('cache-control', 'no-store')
  byCustomer(
    @CurrentPrincipal() principal: Principal,
    @Param() { datatype, ownerId }: ActivityRecordPathDto,
    @Query() query: ActivityQueryDto,
  ): Promise<Buffer> {
    return this.answer(principal, { timeline: pivotRecordOf('by-customer', datatype, ownerId) }, query);
  }

  @Get('by-resource/:datatype/:ownerId')
  @ApiRefuses(404)
  @ApiOperation({ summary: 'Activities about one ticket, campaign, order, deal, reservation, email thread, call or sequence; staff only' })
  @ApiOkResponse({ type: ActivityAnswer })
  @Header('content-type', JSON_TYPE)
  @Header('cache-control', 'no-store')
  byResource(
    @CurrentPrincipal() principal: Principal,
    @Param() { datatype, ownerId }: ActivityRecordPathDto,
    @Query() query: ActivityQueryDto,
  ): Promise<Buffer> {
    return this.answer(principal, { timeline: pivotRecordOf('by-resource', datatype, ownerId) }, query);
  }

  private async answer(principal: Principal, asked: Pick<PageWish, 'timeline' | 'recordType'>, dto: ActivityQueryDto): Promise<Buffer> {
    const { page, pageSize } = dto;
    const read = await readPage(this.parts, principal, { ...asked, dto, limit: pageSize, numbered: { page } });
    return printActivity(this.parts, principal, asked, pageSize, read);
  }
}
