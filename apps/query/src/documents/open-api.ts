import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { QueryParts } from '../query-parts.js';
import { QueryModule } from '../query.module.js';
import { describeDocuments } from './describe-documents.js';
import { describeTokens } from './describe-tokens.js';
import { giveExamples } from './give-examples.js';
import { settleResponses } from './settle-responses.js';

const DESCRIPTION = `The activity timeline of a CRM. What travels on Kafka: /api/asyncapi.json.

Errors are problem documents (RFC 9457); 400 and 422 name the field. Besides those that an operation lists, any may answer 405 (another method; see Allow), 414 (an
address that is too long), 431 (headers that are too long) and 500 (a fault of ours). What belongs to another tenant answers like what does not exist.`;

/** OpenAPI 3.1 of the app: what its controllers say of themselves, and what is the same for all of them. */
export function openApiOf(app: Pick<NestFastifyApplication, 'get'>): OpenAPIObject {
  const about = new DocumentBuilder()
    .setTitle('annals')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .build();
  const document = SwaggerModule.createDocument(app as NestFastifyApplication, about, { operationIdFactory: operationId });
  for (const step of [describeTokens, settleResponses, describeDocuments, giveExamples]) step(document);
  return document;
}

/** The same without database, Kafka or a port: nothing of the app is made, its classes are read. */
export async function openApiDocument(): Promise<OpenAPIObject> {
  const app = await NestFactory.create<NestFastifyApplication>(QueryModule.of({} as QueryParts), new FastifyAdapter(), {
    preview: true,
    logger: false,
  });
  try {
    return openApiOf(app);
  } finally {
    await app.close();
  }
}

/** `rules_list`: unique, and a name in any language that clients are generated for. */
function operationId(controller: string, method: string): string {
  const name = controller.replace(/Controller$/, '');
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}_${method}`;
}
