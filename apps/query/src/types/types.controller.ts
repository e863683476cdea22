import { Body, Controller, Get, Header, Inject, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { EVENT_DEFINITIONS } from '#libs/contracts';
import { AuthGuard } from '../auth/auth.guard.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { StaffGuard } from '../auth/staff.guard.js';
import { ApiProblems, ApiRefuses } from '../documents/api-problems.js';
import type { FastifyReply } from '../http/fastify-types.js';
import { notFound } from '../http/problem-exception.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { printType } from './print-type.js';
import { RegisterTypeDto } from './register-type.dto.js';
import { register } from './register-type.js';
import { TypeAnswer, TypesAnswer } from './type-answer.js';

const LOCATION = { location: { description: 'Where it is read', schema: { type: 'string' as const } } };

class TypePathDto {
  @ApiProperty({ description: 'By any name or alias', example: 'custom.demo_held' })
  @IsString()
  @Length(1, 255)
  type: string;
}

/** Types as data: what kinds of events there are, and new ones without a deployment. docs/custom-types.md */
@ApiTags('types')
@ApiHeader({ name: 'orgid', required: false, description: 'The tenant; needed where the token names several' })
@ApiProblems()
@UseGuards(AuthGuard, StaffGuard)
@Controller('api/v1/types')
export class TypesController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Get()
  @ApiOperation({ summary: 'Every type that the tenant has, built-in and its own; staff only' })
  @ApiOkResponse({ type: TypesAnswer })
  @Header('cache-control', 'no-store')
  types(@CurrentPrincipal() { tenantId }: Principal): TypesAnswer {
    return { items: [...EVENT_DEFINITIONS, ...this.parts.types.own(tenantId)].map(printType) };
  }

  @Get(':type')
  @ApiRefuses(404)
  @ApiOperation({ summary: 'One type, by any of its names; staff only' })
  @ApiOkResponse({ type: TypeAnswer })
  @Header('cache-control', 'no-store')
  type(@CurrentPrincipal() { tenantId }: Principal, @Param() { type }: TypePathDto): TypeAnswer {
    const definition = this.parts.types.resolve(type, tenantId);
    if (!definition) throw notFound();
    return printType(definition);
  }

  @Post()
  @ApiOperation({
    summary: 'Register a type of the tenant’s own, or its next version; staff only',
    description:
      'Versions never change. A definition that some version has already is answered with 200. A new version must be able to read the ' +
      'examples of all versions and the newest stored events, if need be through its upcaster. Records that waited for it drive in by themselves.',
  })
  @ApiRefuses(422)
  @ApiCreatedResponse({ type: TypeAnswer, headers: LOCATION, description: 'Registered, as a new version' })
  @ApiOkResponse({ type: TypeAnswer, headers: LOCATION, description: 'There already' })
  async register(@CurrentPrincipal() principal: Principal, @Body() body: RegisterTypeDto, @Res() reply: FastifyReply): Promise<void> {
    const { outcome } = await register(this.parts, principal, body);
    const definition = this.parts.types.resolve(body.type, principal.tenantId);
    if (!definition) throw new Error('a registered type is not known');
    reply.code(outcome === 'registered' ? 201 : 200);
    reply.headers({ 'cache-control': 'no-store', location: `/api/v1/types/${body.type}` });
    await reply.send(printType(definition));
  }
}
