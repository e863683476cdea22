import { Controller, Get, Header, Inject, Query, Req, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuthGuard } from '../auth/auth.guard.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { StaffGuard } from '../auth/staff.guard.js';
import { ApiProblems } from '../documents/api-problems.js';
import type { FastifyRequest } from '../http/fastify-types.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { TOKEN_HEADER, TOKEN_PARAMETER } from '../tokens/await-token.js';
import { readRollups, rollupQuery } from './read-rollups.js';
import { RollupsAnswer, RollupsQueryDto } from './rollups.dto.js';

/** What happened in the tenant, counted: read from roll-ups, never from the log. */
@ApiTags('rollups')
@ApiHeader({ name: 'orgid', required: false, description: 'The tenant; needed where the token names several' })
@ApiProblems(422)
@UseGuards(AuthGuard, StaffGuard)
@Controller('api/v1/rollups')
export class RollupsController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Get()
  @ApiOperation({
    summary: 'Events per UTC day by type, kind of actor, account or user; staff only',
    description:
      'Days are those on which things happened, not those on which they were entered; what was retracted does not count. The numbers follow the log ' +
      'within a second: `asOf` and `lag` say how far they are.',
  })
  @ApiOkResponse({ type: RollupsAnswer })
  @Header('cache-control', 'no-store')
  async rollups(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query() dto: RollupsQueryDto,
    @Req() request: FastifyRequest,
  ): Promise<RollupsAnswer> {
    const query = rollupQuery(this.parts, tenantId, dto, Date.now());
    const { items, asOf, lag } = await readRollups(this.parts, tenantId, query, carriesToken(request));
    return {
      items: items.map(({ day, key, count }) => ({ day, key, [dto.by]: key, count })),
      asOf: Number(asOf),
      lag: Number(lag),
    };
  }
}

/** The guard has taken the parameter out of the query; the log was that far when it let the request pass. */
function carriesToken({ headers, originalUrl }: FastifyRequest): boolean {
  return headers[TOKEN_HEADER] !== undefined || new URL(originalUrl, 'http://localhost').searchParams.has(TOKEN_PARAMETER);
}
