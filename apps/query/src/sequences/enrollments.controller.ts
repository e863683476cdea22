import { Body, Controller, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuthGuard } from '../auth/auth.guard.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { StaffGuard } from '../auth/staff.guard.js';
import { ApiProblems } from '../documents/api-problems.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { changeByHand } from './change-enrollment.js';
import { ChangeDto, EnrollmentPathDto } from './enrollment.dto.js';
import { EnrollmentAnswer } from './sequence-answers.js';

/** Somebody's way through a sequence, changed by hand. */
@ApiTags('sequences')
@ApiHeader({ name: 'orgid', required: false, description: 'The tenant; needed where the token names several' })
@ApiProblems(404, 422)
@UseGuards(AuthGuard, StaffGuard)
@Controller('api/v1/enrollments/:id')
export class EnrollmentsController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Post('pause')
  @HttpCode(200)
  @ApiOperation({ summary: 'Nothing more happens until it is resumed; staff only' })
  @ApiOkResponse({ type: EnrollmentAnswer })
  pause(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: EnrollmentPathDto,
    @Body() { reason }: ChangeDto,
  ): Promise<EnrollmentAnswer> {
    return changeByHand(this.parts, principal, { id, name: 'pause', reason });
  }

  @Post('resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Goes on; what became due meanwhile is due now, in working hours; staff only' })
  @ApiOkResponse({ type: EnrollmentAnswer })
  resume(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: EnrollmentPathDto,
    @Body() { reason }: ChangeDto,
  ): Promise<EnrollmentAnswer> {
    return changeByHand(this.parts, principal, { id, name: 'resume', reason });
  }

  @Post('exit')
  @HttpCode(200)
  @ApiOperation({ summary: 'Leaves the sequence for good; staff only' })
  @ApiOkResponse({ type: EnrollmentAnswer })
  exit(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: EnrollmentPathDto,
    @Body() { reason }: ChangeDto,
  ): Promise<EnrollmentAnswer> {
    return changeByHand(this.parts, principal, { id, name: 'exit', reason });
  }
}
