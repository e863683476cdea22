import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from './operations.js';

/** What only a body can cause. A read has none: what comes with it is not looked at. */
const OF_BODIES = ['413', '415'];

/** Controllers say for all their routes what can go wrong: this takes back what cannot, and says of the others that they want no token. */
export function pruneProblems(document: OpenAPIObject): void {
  for (const { method, operation } of operationsOf(document)) {
    operation.security ??= [];
    if (method === 'get') for (const status of OF_BODIES) delete operation.responses[status];
  }
}
