import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { logRequest, NestLog, problem, PROBLEM_CONTENT_TYPE } from '#libs/service';
import type { Reply, Request } from './http/fastify-types.js';
import { WebhookController } from './http/webhook.controller.js';
import { OperationController } from './operation/operation.controller.js';
import { TrackingController } from './tracking/tracking.controller.js';
import { WEBHOOK_PARTS, type WebhookParts } from './webhook-parts.js';

@Module({})
class WebhookModule {
  static of(parts: WebhookParts): DynamicModule {
    return {
      module: WebhookModule,
      controllers: [WebhookController, TrackingController, OperationController],
      providers: [{ provide: WEBHOOK_PARTS, useValue: parts }],
    };
  }
}

/** The HTTP app, ready to listen. Bodies reach the routes as the bytes they came as: signatures are made over those. */
export async function createApp(parts: WebhookParts): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    logger: false,
    bodyLimit: parts.bodyBytes,
    routerOptions: { maxParamLength: 8192 },
    skipMiddie: true,
  });
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    logRequest(parts.logger, { method: request.method, route, status: reply.statusCode, milliseconds: reply.elapsedTime });
    done();
  });
  const app = await NestFactory.create<NestFastifyApplication>(WebhookModule.of(parts), adapter, {
    logger: new NestLog(parts.logger),
    abortOnError: false,
    bodyParser: false,
  });
  app.useGlobalFilters({
    catch: (error: unknown, host) => {
      const http = host.switchToHttp();
      sendError(parts, error, http.getRequest<Request>(), http.getResponse<Reply>());
    },
  });
  await app.init();
  await fastify.ready();
  return app;
}

function sendError({ logger }: WebhookParts, error: unknown, request: Request, reply: Reply): void {
  const given = (error as { statusCode?: unknown; status?: unknown } | null) ?? {};
  const refusal = [given.statusCode, given.status].find((one): one is number => typeof one === 'number' && one >= 400 && one < 500);
  const status = refusal ?? 500;
  if (status === 500) logger.error({ err: error, route: request.routeOptions.url }, 'request failed');
  if (reply.sent) return;
  reply
    .code(status)
    .header('content-type', PROBLEM_CONTENT_TYPE)
    .send(JSON.stringify(problem({ status })));
}
