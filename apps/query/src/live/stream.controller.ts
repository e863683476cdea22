import { applyDecorators, Controller, Get, Inject, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { TimelineName } from '#libs/store';
import type { AuthenticatedRequest } from '../auth/auth.guard.js';
import { ApiProblems, ApiRefuses } from '../documents/api-problems.js';
import type { FastifyReply } from '../http/fastify-types.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { hierarchyOf } from '../timelines/hierarchy.js';
import { assertMayFilter, assertMayRead } from '../timelines/read-scope.js';
import { recordOf } from '../timelines/record-of.js';
import { RecordPathDto } from '../timelines/record-path.dto.js';
import { toFilter } from '../timelines/to-filter.js';
import { LiveFeed } from './live-feed.js';
import { lastEventIdOf } from './resume.js';
import { STREAM_HEADERS } from './sse-client.js';
import { StreamGuard } from './stream.guard.js';
import { StreamQueryDto } from './stream-request.dto.js';

const EXAMPLE = `retry: 2000
id: 41

id: 42
event: item
data: {"id":"0192f0c4-7c1e-8b7a-9d1c-6f1b2a3c4d5e","position":42,"type":"email.opened", …}

`;

const OF_TREES =
  'With `tab=hierarchy` of an account each entry is decided when it is read, as the list then would: of an account that joins the tree ' +
  'everything that happens from there on is streamed. A move that is told late, or taken back, changes what comes after it; what it changes ' +
  'of entries that were passed before is for the list to show, or for a stream that begins earlier.';

const ApiEventStream = (summary: string, more = ''): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary,
      description:
        'Server-sent events. Each `item` carries an entry as the list prints it, in the order of the log; its id is where to go on from. ' +
        '`reconnect` is the last of a stream that ends on our side, its data says why: slow, expired, stopping or failed.' +
        more,
    }),
    ApiOkResponse({
      description: 'Entries from now on, or after Last-Event-ID',
      content: { 'text/event-stream': { schema: { type: 'string' }, example: EXAMPLE } },
    }),
  );

/** Entries as they come. */
@ApiTags('live')
@ApiHeader({ name: 'orgid', required: false, description: 'The tenant; needed where the token names several' })
@ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Begin after this id: 0, or any that was received; absent: from now on' })
@ApiProblems(422)
@UseGuards(StreamGuard)
@Controller('api/v1')
export class StreamController {
  constructor(
    @Inject(QUERY_PARTS) private readonly parts: QueryParts,
    @Inject(LiveFeed) private readonly live: LiveFeed,
  ) {}

  @Get('feed/stream')
  @ApiEventStream('What happens in the tenant, live; staff only')
  feed(@Req() request: AuthenticatedRequest, @Query() query: StreamQueryDto, @Res() reply: FastifyReply): Promise<void> {
    return this.stream(request, { kind: 'feed' }, query, reply);
  }

  @Get('timelines/:entityType/:entityId/stream')
  @ApiRefuses(404)
  @ApiEventStream('What happens to one record, live', ` ${OF_TREES}`)
  timeline(
    @Req() request: AuthenticatedRequest,
    @Param() path: RecordPathDto,
    @Query() query: StreamQueryDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.stream(request, recordOf('entityType', path.entityType, path.entityId), query, reply);
  }

  private async stream(request: AuthenticatedRequest, timeline: TimelineName, query: StreamQueryDto, reply: FastifyReply): Promise<void> {
    const { principal } = request;
    assertMayFilter(principal, query);
    const hierarchy = hierarchyOf(timeline, query);
    const filter = toFilter(hierarchy ? { ...query, tab: 'all' } : query, { tenantId: principal.tenantId, types: this.parts.types });
    assertMayRead(principal, timeline);
    const entity = timeline.kind === 'entity' ? { type: timeline.type, id: timeline.id } : undefined;
    // Fastify asks the same route: a head that never ends would be no answer
    if (request.method === 'HEAD') return void reply.headers(STREAM_HEADERS).send();
    const lastEventId = lastEventIdOf(request.headers['last-event-id'], query.lastEventId);
    await this.live.open({ principal, entity, hierarchy, filter, lastEventId }, () => reply.hijack().raw);
  }
}
