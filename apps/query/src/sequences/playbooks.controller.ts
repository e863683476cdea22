import { Body, Controller, Get, Header, Inject, Param, Put, Query, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { inTenant, listDefinitions } from '#libs/store';
import { AuthGuard } from '../auth/auth.guard.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { StaffGuard } from '../auth/staff.guard.js';
import { ApiProblems, ApiRefuses } from '../documents/api-problems.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { DefinitionPathDto, DefinitionsQueryDto, PlaybookDto } from './definition.dto.js';
import { Listing } from './listing.js';
import { putDefinition, theDefinition } from './save-definition.js';
import { definitionAnswer, PlaybookAnswer, PlaybooksAnswer } from './sequence-answers.js';

/** Playbooks of the tenant: when something happens, do these in turn. docs/sequences.md */
@ApiTags('playbooks')
@ApiHeader({ name: 'orgid', required: false, description: 'The tenant; needed where the token names several' })
@ApiProblems()
@UseGuards(AuthGuard, StaffGuard)
@Controller('api/v1/playbooks')
export class PlaybooksController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Get()
  @ApiOperation({ summary: 'The playbooks of the tenant, newest versions; staff only' })
  @ApiOkResponse({ type: PlaybooksAnswer })
  @Header('cache-control', 'no-store')
  async list(@CurrentPrincipal() { tenantId }: Principal, @Query() { limit, cursor }: DefinitionsQueryDto): Promise<PlaybooksAnswer> {
    const listing = new Listing(this.parts.sealed, `playbooks ${tenantId}`, limit, cursor);
    const found = await inTenant(this.parts.app, tenantId, (client) => listDefinitions(client, 'playbooks', listing.ask, listing.after));
    return listing.page(found, (stored) => definitionAnswer<PlaybookAnswer>(stored));
  }

  @Get(':id')
  @ApiRefuses(404)
  @ApiOperation({ summary: 'A playbook, its newest version; staff only' })
  @ApiOkResponse({ type: PlaybookAnswer })
  @Header('cache-control', 'no-store')
  async read(@CurrentPrincipal() principal: Principal, @Param() { id }: DefinitionPathDto): Promise<PlaybookAnswer> {
    return definitionAnswer(await theDefinition(this.parts, 'playbooks', principal, id));
  }

  @Put(':id')
  @ApiRefuses(422)
  @ApiOperation({ summary: 'Save a playbook, as a new version where it says something else; staff only' })
  @ApiOkResponse({ type: PlaybookAnswer })
  async save(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: DefinitionPathDto,
    @Body() body: PlaybookDto,
  ): Promise<PlaybookAnswer> {
    return definitionAnswer(await putDefinition(this.parts, 'playbooks', principal, id, body));
  }
}
