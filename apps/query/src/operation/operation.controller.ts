import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from '../http/fastify-types.js';
import { healthStatus, METRICS_CONTENT_TYPE, metricsWithPeers, type HealthReport } from '#libs/service';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { ApiReports, ReportAnswer } from './report-answer.js';

/** For load balancers and Prometheus: no token, no personal data. */
@ApiTags('operation')
@Controller()
export class OperationController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Get('health/live')
  @ApiOperation({ summary: 'Whether it lives; no check of this app is such that a restart would mend what it finds' })
  @ApiOkResponse({ type: ReportAnswer, description: 'It does' })
  async live(@Res() reply: FastifyReply): Promise<void> {
    await sendReport(reply, await this.parts.health.live());
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'Whether requests may be sent here' })
  @ApiReports()
  async ready(@Res() reply: FastifyReply): Promise<void> {
    await sendReport(reply, await this.parts.health.ready());
  }

  @Get('metrics')
  @ApiOperation({ summary: 'Figures for Prometheus' })
  @ApiOkResponse({
    description: 'In the text format of Prometheus',
    content: {
      'text/plain': { schema: { type: 'string' }, example: 'annals_events_total{app="ingest",type="note.added",outcome="appended"} 12\n' },
    },
  })
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    const text = await metricsWithPeers(this.parts.metrics, this.parts.peers);
    await reply.header('content-type', METRICS_CONTENT_TYPE).send(text);
  }
}

async function sendReport(reply: FastifyReply, report: HealthReport): Promise<void> {
  await reply.code(healthStatus(report)).header('cache-control', 'no-store').send(report);
}
