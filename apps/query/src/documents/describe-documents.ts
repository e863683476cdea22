import type { OpenAPIObject } from '@nestjs/swagger';

interface Served {
  readonly id: string;
  readonly summary: string;
  readonly type: string;
  readonly example: unknown;
}

const SERVED: Readonly<Record<string, Served>> = {
  '/api/docs': { id: 'page', summary: 'This document as a page to read and try', type: 'text/html', example: '<!DOCTYPE html>…' },
  '/api/openapi.json': { id: 'openApi', summary: 'This document', type: 'application/json', example: { openapi: '3.1.0' } },
  '/api/openapi.yaml': { id: 'openApiYaml', summary: 'This document as YAML', type: 'text/yaml', example: 'openapi: 3.1.0\n' },
  '/api/asyncapi.json': {
    ...{ id: 'asyncApi', summary: 'What travels on Kafka, as AsyncAPI 3' },
    ...{ type: 'application/json', example: { asyncapi: '3.0.0' } },
  },
};

/** The documents are served beside the controllers, so none of those describes them. They want no token. */
export function describeDocuments(document: OpenAPIObject): void {
  for (const [path, { id, summary, type, example }] of Object.entries(SERVED)) {
    const schema = { type: typeof example === 'string' ? 'string' : 'object' };
    document.paths[path] = {
      get: {
        ...{ operationId: `documents_${id}`, summary, tags: ['documents'], security: [], parameters: [] },
        responses: { '200': { description: summary, content: { [type]: { schema, example } } } },
      },
    };
  }
}
