import { Body, Controller, Get, Header, Inject, Put, UseGuards } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { canonicalModel, DEFAULT_MODEL, modelFaults, OWN_TYPE, versionName, type ScoringType } from '#libs/scores';
import { inTenant, newestModel, saveModel, type SavedModel } from '#libs/store';
import { AuthGuard } from '../auth/auth.guard.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { StaffGuard } from '../auth/staff.guard.js';
import { ApiProblems, ApiRefuses } from '../documents/api-problems.js';
import { fieldProblem } from '../http/problem-exception.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { ScoreModelAnswer, ScoreModelDto } from './score-model.dto.js';

/** How the tenant's leads are scored. docs/decisions/0043-roll-ups-and-scores.md */
@ApiTags('scores')
@ApiHeader({ name: 'orgid', required: false, description: 'The tenant; needed where the token names several' })
@ApiProblems()
@UseGuards(AuthGuard, StaffGuard)
@Controller('api/v1/score-model')
export class ScoreModelController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Get()
  @ApiOperation({ summary: 'The score model in force; staff only' })
  @ApiOkResponse({ type: ScoreModelAnswer })
  @Header('cache-control', 'no-store')
  async model(@CurrentPrincipal() { tenantId }: Principal): Promise<ScoreModelAnswer> {
    return answer(await inTenant(this.parts.app, tenantId, newestModel));
  }

  @Put()
  @ApiOperation({
    summary: 'Save a score model; staff only',
    description:
      'Becomes the next version once the scoring engine has seen it (within a second or so), and counts for a lead from its next event on; that lead’s whole past is then counted anew. Saving what is in force ' +
      'already changes nothing. A model that cannot be evaluated is refused with 422.',
  })
  @ApiRefuses(422)
  @ApiBody({ type: ScoreModelDto })
  @ApiOkResponse({ type: ScoreModelAnswer })
  @Header('cache-control', 'no-store')
  async save(@CurrentPrincipal() { tenantId, userId }: Principal, @Body() body: ScoreModelDto): Promise<ScoreModelAnswer> {
    const scoring = this.scoringTypes(tenantId);
    const faults = modelFaults(body, scoring);
    if (faults.length > 0) throw fieldProblem(422, 'model-not-evaluable', faults);
    const model = canonicalModel(body, scoring);
    return answer(await inTenant(this.parts.app, tenantId, (client) => saveModel(client, tenantId, model, userId)));
  }

  private scoringTypes(tenantId: string): ScoringType {
    return (name) => {
      const definition = this.parts.types.resolve(name, tenantId);
      return definition?.scoreFeed || definition?.type === OWN_TYPE ? definition.type : undefined;
    };
  }
}

function answer(saved: SavedModel | null): ScoreModelAnswer {
  const version = saved?.version ?? 0;
  const { weights, halfLifeDays, bands, smallestChange } = saved?.model ?? DEFAULT_MODEL;
  return {
    version,
    modelVersion: versionName(version),
    weights: { ...weights },
    halfLifeDays,
    bands: [...bands],
    smallestChange,
    savedBy: saved?.createdBy ?? null,
    savedAt: saved?.createdAt.toISOString() ?? null,
  };
}
