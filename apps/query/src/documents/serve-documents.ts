import { SwaggerModule } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { asyncApi } from '#libs/contracts';
import { openApiOf } from './open-api.js';

/** `/api/docs`, `/api/openapi.json` (HTTP) and `/api/asyncapi.json` (Kafka). */
export function serveDocuments(app: NestFastifyApplication): void {
  SwaggerModule.setup('api/docs', app, () => openApiOf(app), {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
    customSiteTitle: 'annals API',
  });
  const asyncDocument = JSON.stringify(asyncApi());
  app.getHttpAdapter().get('/api/asyncapi.json', (_request: unknown, reply: JsonReply) => {
    reply.header('content-type', 'application/json; charset=utf-8').send(asyncDocument);
  });
}

interface JsonReply {
  header(name: string, value: string): this;
  send(body: string): unknown;
}
