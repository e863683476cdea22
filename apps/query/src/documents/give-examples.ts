import type { OpenAPIObject } from '@nestjs/swagger';
import { exampleOf, type Schema } from './example-of.js';
import { operationsOf } from './operations.js';

interface Media {
  schema?: unknown;
  example?: unknown;
  examples?: unknown;
}

/** An example for every body, sent or answered, that does not show one of its own. */
export function giveExamples(document: OpenAPIObject): void {
  const schemas = (document.components?.schemas ?? {}) as Readonly<Record<string, Schema>>;
  for (const { method, path, operation } of operationsOf(document)) {
    for (const body of [operation.requestBody, ...Object.values(operation.responses)]) {
      const content = (body as { content?: Record<string, Media> } | undefined)?.content ?? {};
      for (const media of Object.values(content)) {
        if (media.example === undefined && media.examples === undefined)
          media.example = exampleOf(media.schema as Schema, schemas, `${method} ${path}`);
      }
    }
  }
}
