import { Controller, Get, Inject, Res } from '@nestjs/common';
import { healthStatus, METRICS_CONTENT_TYPE, type HealthReport } from '#libs/service';
import type { Reply } from '../http/fastify-types.js';
import { WEBHOOK_PARTS, type WebhookParts } from '../webhook-parts.js';

/** For operators: no authentication, so do not lead the open internet here. */
@Controller()
export class OperationController {
  constructor(@Inject(WEBHOOK_PARTS) private readonly parts: WebhookParts) {}

  @Get('health/live')
  async live(@Res() reply: Reply): Promise<void> {
    print(reply, await this.parts.health.live());
  }

  @Get('health/ready')
  async ready(@Res() reply: Reply): Promise<void> {
    print(reply, await this.parts.health.ready());
  }

  @Get('metrics')
  async metrics(@Res() reply: Reply): Promise<void> {
    reply.header('content-type', METRICS_CONTENT_TYPE).send(await this.parts.registry.metrics());
  }
}

function print(reply: Reply, report: HealthReport): void {
  reply.code(healthStatus(report)).headers({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  reply.send(JSON.stringify(report));
}
