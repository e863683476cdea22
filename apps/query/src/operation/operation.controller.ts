import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from '../http/fastify-types.js';
import { healthStatus, METRICS_CONTENT_TYPE, metricsWithPeers, type HealthReport } from '#libs/service';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';

/** For load balancers and Prometheus: no token, no personal data. */
@ApiExcludeController()
@Controller()
export class OperationController {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  @Get('health/live')
  async live(@Res() reply: FastifyReply): Promise<void> {
    await sendReport(reply, await this.parts.health.live());
  }

  @Get('health/ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    await sendReport(reply, await this.parts.health.ready());
  }

  @Get('metrics')
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    const text = await metricsWithPeers(this.parts.metrics, this.parts.peers);
    await reply.header('content-type', METRICS_CONTENT_TYPE).send(text);
  }
}

async function sendReport(reply: FastifyReply, report: HealthReport): Promise<void> {
  await reply.code(healthStatus(report)).header('cache-control', 'no-store').send(report);
}
