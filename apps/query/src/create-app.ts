import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestLog } from '#libs/service';
import { serveDocuments } from './documents/serve-documents.js';
import { AllowedMethods } from './http/allowed-methods.js';
import { fastifyOptions } from './http/fastify-options.js';
import { takeJsonBodies } from './http/json-bodies.js';
import { ProblemFilter } from './http/problem.filter.js';
import { RequestValidation } from './http/validation.js';
import { watchRequests } from './operation/watch-requests.js';
import type { QueryParts } from './query-parts.js';
import { QueryModule } from './query.module.js';

/** The HTTP app, ready to listen (or to be injected requests). */
export async function createApp(parts: QueryParts): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ ...fastifyOptions(), skipMiddie: true, multipart: false });
  const allowed = new AllowedMethods();
  allowed.watch(adapter.getInstance());
  takeJsonBodies(adapter.getInstance());
  watchRequests(adapter.getInstance(), parts.metrics, parts.logger);
  const app = await NestFactory.create<NestFastifyApplication>(QueryModule.of(parts), adapter, {
    logger: new NestLog(parts.logger),
    abortOnError: false,
    bodyParser: false,
  });
  app.useGlobalPipes(new RequestValidation());
  app.useGlobalFilters(new ProblemFilter(parts.logger, allowed));
  serveDocuments(app);
  await app.init();
  await adapter.getInstance().ready();
  return app;
}
