import { Body, Controller, Get, Header, HttpStatus, Inject, Param, Post, Put, Query, Res, UseGuards } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Sequence } from '#libs/sequences';
import { inTenant, listDefinitions, listEnrollments, sequenceDefinitions } from '#libs/store';
import { AuthGuard } from '../auth/auth.guard.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { StaffGuard } from '../auth/staff.guard.js';
import { ApiProblems, ApiRefuses } from '../documents/api-problems.js';
import type { FastifyReply } from '../http/fastify-types.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { enrollByHand } from './change-enrollment.js';
import { DefinitionPathDto, DefinitionsQueryDto, EnrollmentsQueryDto, SequenceDto } from './definition.dto.js';
import { EnrollDto } from './enrollment.dto.js';
import { Listing } from './listing.js';
import { putDefinition, theDefinition } from './save-definition.js';
import {
  definitionAnswer,
  EnrollmentAnswer,
  enrollmentAnswer,
  EnrollmentsAnswer,
  SequenceAnswer,
  SequencesAnswer,
} from './sequence-answers.js';

/** Nurture sequences of the tenant, and who is in them. docs/sequences.md */
@ApiTags('sequences')
@ApiHeader({ name: 'orgid', required: false, description: 'The tenant; needed where the token names several' })
@ApiProblems()
@UseGuards(AuthGuard, StaffGuard)
@Controller('api/v1/sequences')
export class SequencesController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Get()
  @ApiOperation({ summary: 'The sequences of the tenant, newest versions; staff only' })
  @ApiOkResponse({ type: SequencesAnswer })
  @Header('cache-control', 'no-store')
  async list(@CurrentPrincipal() { tenantId }: Principal, @Query() { limit, cursor }: DefinitionsQueryDto): Promise<SequencesAnswer> {
    const listing = new Listing(this.parts.sealed, `sequences ${tenantId}`, limit, cursor);
    const found = await inTenant(this.parts.app, tenantId, (client) => listDefinitions(client, 'sequences', listing.ask, listing.after));
    return listing.page(found, (stored) => definitionAnswer<SequenceAnswer>(stored));
  }

  @Get(':id')
  @ApiRefuses(404)
  @ApiOperation({ summary: 'A sequence, its newest version; staff only' })
  @ApiOkResponse({ type: SequenceAnswer })
  @Header('cache-control', 'no-store')
  async read(@CurrentPrincipal() principal: Principal, @Param() { id }: DefinitionPathDto): Promise<SequenceAnswer> {
    return definitionAnswer(await theDefinition(this.parts, 'sequences', principal, id));
  }

  @Put(':id')
  @ApiOperation({
    summary: 'Save a sequence, as a new version where it says something else; who is in it stays on his version; staff only',
  })
  @ApiRefuses(422)
  @ApiOkResponse({ type: SequenceAnswer })
  async save(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: DefinitionPathDto,
    @Body() body: SequenceDto,
  ): Promise<SequenceAnswer> {
    return definitionAnswer(await putDefinition(this.parts, 'sequences', principal, id, body));
  }

  @Get(':id/enrollments')
  @ApiRefuses(404)
  @ApiOperation({ summary: 'Who is, or was, in a sequence; staff only' })
  @ApiOkResponse({ type: EnrollmentsAnswer })
  @Header('cache-control', 'no-store')
  async enrollments(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: DefinitionPathDto,
    @Query() { limit, cursor, state }: EnrollmentsQueryDto,
  ): Promise<EnrollmentsAnswer> {
    const { tenantId } = principal;
    const listing = new Listing(this.parts.sealed, `enrollments ${tenantId} ${id} ${state ?? ''}`, limit, cursor);
    await theDefinition(this.parts, 'sequences', principal, id);
    return inTenant(this.parts.app, tenantId, async (client) => {
      const found = await listEnrollments(client, { sequenceId: id, limit: listing.ask, state, after: listing.after });
      const definitions = await sequenceDefinitions(client, found);
      const sequences = new Map(found.map((enrollment, i) => [enrollment, JSON.parse(definitions[i] ?? '') as Sequence]));
      return listing.page(found, (enrollment) => enrollmentAnswer(enrollment, sequences.get(enrollment) as Sequence));
    });
  }

  @Post(':id/enrollments')
  @ApiOperation({ summary: 'Enrol a lead or a contact by hand, also again; staff only' })
  @ApiRefuses(404, 422)
  @ApiCreatedResponse({ type: EnrollmentAnswer })
  @ApiOkResponse({ type: EnrollmentAnswer, description: 'It is in the sequence already, and stays as it is' })
  async enroll(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: DefinitionPathDto,
    @Body() body: EnrollDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EnrollmentAnswer> {
    const { isNew, answer } = await enrollByHand(this.parts, principal, id, body);
    reply.code(isNew ? HttpStatus.CREATED : HttpStatus.OK);
    return answer;
  }
}
