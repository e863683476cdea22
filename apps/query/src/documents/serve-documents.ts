import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { asyncApi } from '#libs/contracts';
import { describeTokens } from './describe-tokens.js';

/** `/api/docs`, `/api/openapi.json` (HTTP) and `/api/asyncapi.json` (Kafka). */
export function serveDocuments(app: NestFastifyApplication): void {
  const about = new DocumentBuilder()
    .setTitle('annals')
    .setDescription('The activity timeline of a CRM. Errors are problem documents (RFC 9457). What travels on Kafka: /api/asyncapi.json')
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .build();
  const document = () => describeTokens(SwaggerModule.createDocument(app, about, { operationIdFactory: (_, method) => method }));
  SwaggerModule.setup('api/docs', app, document, {
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
