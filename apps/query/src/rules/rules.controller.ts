import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Param, Post, Put, Query, Res, UseGuards } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { randomUUID } from 'node:crypto';
import {
  createRule,
  deleteRule,
  inTenant,
  listRules,
  MOST_RULES,
  replaceRule,
  type RuleSaved,
  type Saving,
  type StoredRule,
} from '#libs/store';
import { AuthGuard } from '../auth/auth.guard.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { StaffGuard } from '../auth/staff.guard.js';
import { ApiProblems, ApiRefuses } from '../documents/api-problems.js';
import type { FastifyReply } from '../http/fastify-types.js';
import { changedMeanwhile, etagOf, SeenVersion } from '../http/if-match.js';
import { malformed, meaningless, notFound } from '../http/problem-exception.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { dryRun } from './dry-run.js';
import { effectsPage } from './effects-page.js';
import { acceptRule, ruleAnswer, theRule } from './read-rule.js';
import { DryRunAnswer, EffectsAnswer, RuleAnswer, RulesAnswer } from './rule-answers.js';
import { DryRunDto, EffectsPathDto, EffectsQueryDto, RulePathDto, RulesQueryDto, SaveRuleDto } from './rule.dto.js';

const IF_MATCH = { name: 'If-Match', required: false, description: 'ETag of the version that is meant; otherwise whichever stands' };
const ETAG = { ETag: { description: 'The version', schema: { type: 'string' as const } } };

/** Rules of the tenant: if something happens, tell somebody. docs/decisions/0042-automation.md */
@ApiTags('rules')
@ApiHeader({ name: 'orgid', required: false, description: 'The tenant; needed where the token names several' })
@ApiProblems()
@UseGuards(AuthGuard, StaffGuard)
@Controller('api/v1/rules')
export class RulesController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Get()
  @ApiOperation({ summary: 'The rules of the tenant; staff only' })
  @ApiOkResponse({ type: RulesAnswer })
  @Header('cache-control', 'no-store')
  async list(@CurrentPrincipal() { tenantId }: Principal, @Query() { limit, cursor }: RulesQueryDto): Promise<RulesAnswer> {
    const binding = `rules ${tenantId}`;
    const after = cursor === undefined ? undefined : this.parts.sealed.open(cursor, binding);
    if (cursor !== undefined && after === undefined) throw malformed('cursor', 'must be the `next` of an earlier page');
    const rules = await inTenant(this.parts.app, tenantId, (client) => listRules(client, limit + 1, after));
    const shown = rules.slice(0, limit);
    const last = rules.length > limit ? shown.at(-1) : undefined;
    return { items: shown.map(ruleAnswer), next: last ? this.parts.sealed.seal(last.id, binding) : null };
  }

  @Post()
  @ApiOperation({ summary: 'Save a rule; it applies to what is appended from now on; staff only' })
  @ApiRefuses(422)
  @ApiCreatedResponse({ type: RuleAnswer, headers: { ...ETAG, location: { description: 'Where it is read', schema: { type: 'string' } } } })
  async create(
    @CurrentPrincipal() principal: Principal,
    @Body() body: SaveRuleDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RuleAnswer> {
    const text = await this.textOf(principal, body);
    const saved = await inTenant(this.parts.app, principal.tenantId, (client) =>
      createRule(client, randomUUID(), text, this.saving(principal)),
    );
    const rule = savedRule(saved);
    reply.header('location', `/api/v1/rules/${rule.id}`);
    return this.answer(rule, reply);
  }

  @Post('dry-run')
  @HttpCode(200)
  @ApiOperation({ summary: 'What a rule would have done about history; fires nothing; staff only' })
  @ApiRefuses(404, 422)
  @ApiOkResponse({ type: DryRunAnswer })
  @Header('cache-control', 'no-store')
  dryRun(@CurrentPrincipal() { tenantId }: Principal, @Body() body: DryRunDto): Promise<DryRunAnswer> {
    return dryRun(this.parts, tenantId, body);
  }

  @Get(':id')
  @ApiRefuses(404)
  @ApiOperation({ summary: 'One rule, its newest version; staff only' })
  @ApiOkResponse({ type: RuleAnswer, headers: ETAG })
  @Header('cache-control', 'no-store')
  async read(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param() { id }: RulePathDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RuleAnswer> {
    return this.answer(await inTenant(this.parts.app, tenantId, (client) => theRule(client, id)), reply);
  }

  @Put(':id')
  @ApiRefuses(404, 412, 422)
  @ApiOperation({ summary: 'Save a new version of a rule, or disable it; staff only' })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ type: RuleAnswer, headers: ETAG })
  async replace(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: RulePathDto,
    @Body() body: SaveRuleDto,
    @SeenVersion() seen: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RuleAnswer> {
    const text = await this.textOf(principal, body);
    const saved = await inTenant(this.parts.app, principal.tenantId, (client) =>
      replaceRule(client, id.toLowerCase(), text, this.saving(principal), seen),
    );
    return this.answer(savedRule(saved), reply);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiRefuses(404, 412)
  @ApiOperation({ summary: 'Delete a rule; what it did stays in its ledger; staff only' })
  @ApiHeader(IF_MATCH)
  @ApiNoContentResponse({ description: 'It starts nothing from now on' })
  async remove(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: RulePathDto,
    @SeenVersion() seen: number | undefined,
  ): Promise<void> {
    savedRule(
      await inTenant(this.parts.app, principal.tenantId, (client) => deleteRule(client, id.toLowerCase(), this.saving(principal), seen)),
    );
  }

  @Get(':id/effects')
  @ApiRefuses(404)
  @ApiOperation({ summary: 'What a rule did, also what it held back, newest event first; deleted rules too; staff only' })
  @ApiOkResponse({ type: EffectsAnswer })
  @Header('cache-control', 'no-store')
  effects(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param() { id }: EffectsPathDto,
    @Query() query: EffectsQueryDto,
  ): Promise<EffectsAnswer> {
    return inTenant(this.parts.app, tenantId, (client) => effectsPage(client, id.toLowerCase(), query));
  }

  private async textOf({ tenantId }: Principal, { enabled, ...body }: SaveRuleDto): Promise<{ definition: string; enabled: boolean }> {
    return { definition: JSON.stringify(await acceptRule(this.parts, tenantId, body)), enabled };
  }

  private saving({ tenantId, userId }: Principal): Saving {
    return { tenantId, by: userId, head: () => this.parts.store.head(tenantId) };
  }

  private answer(rule: StoredRule, reply: FastifyReply): RuleAnswer {
    reply.header('etag', etagOf(rule.version));
    return ruleAnswer(rule);
  }
}

function savedRule(saved: RuleSaved): StoredRule {
  switch (saved.outcome) {
    case 'saved':
      return saved.rule;
    case 'unknown':
      throw notFound();
    case 'changed':
      throw changedMeanwhile(saved.version);
    case 'too many':
      throw meaningless('too-many-rules', 'body', `a tenant has at most ${MOST_RULES} rules`);
  }
}
