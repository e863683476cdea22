import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { problem, PROBLEM_CONTENT_TYPE } from '#libs/service';
import type { Reply, Request } from '../http/fastify-types.js';
import { WEBHOOK_PARTS, type WebhookParts } from '../webhook-parts.js';
import { clickedBy, openedBy, type Reader } from './tracked-events.js';

/** One transparent point. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** Seed 002's tracking pixel and tracking redirect. */
@Controller('t')
export class TrackingController {
  constructor(@Inject(WEBHOOK_PARTS) private readonly parts: WebhookParts) {}

  @Get('o/:token')
  opened(@Param('token') token: string, @Req() request: Request, @Res() reply: Reply): void {
    const mail = this.parts.links?.openPixel(token.replace(/\.gif$/, ''));
    if (mail === undefined) return notFound(reply);
    this.tell(request, (reader) => openedBy(mail, reader));
    reply.headers({ 'content-type': 'image/gif', 'cache-control': 'no-store, max-age=0' }).send(PIXEL);
  }

  @Get('c/:token')
  clicked(@Param('token') token: string, @Req() request: Request, @Res() reply: Reply): void {
    const mail = this.parts.links?.openClick(token);
    if (mail === undefined) return notFound(reply);
    this.tell(request, (reader) => clickedBy(mail, reader));
    reply.code(302).headers({ location: mail.url, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).send();
  }

  /** Only who asks for the thing itself has opened it. */
  private tell(request: Request, eventOf: (reader: Reader) => Parameters<WebhookParts['outbox']['add']>[0]): void {
    if (request.method !== 'GET') return;
    const reader = { userAgent: request.headers['user-agent'], ip: request.ip, time: new Date().toISOString() };
    this.parts.outbox.add(eventOf(reader));
    this.parts.metrics.tracked.inc();
  }
}

function notFound(reply: Reply): void {
  reply
    .code(404)
    .header('content-type', PROBLEM_CONTENT_TYPE)
    .send(JSON.stringify(problem({ status: 404 })));
}
