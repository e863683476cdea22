import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from './operations.js';

/** What only a body can cause. A read has none: what comes with it is not looked at. */
const OF_BODIES = ['413', '415'];

/**
 * Controllers say for all their routes what can go wrong: this takes back what cannot, and says of routes without a guard that they want no
 * token. A success that is not described is what the operation sums up.
 */
export function settleResponses(document: OpenAPIObject): void {
  for (const { method, operation } of operationsOf(document)) {
    operation.security ??= [];
    if (method === 'get') for (const status of OF_BODIES) delete operation.responses[status];
    for (const response of Object.values(operation.responses))
      if (response && 'description' in response) response.description ||= operation.summary ?? '';
  }
}
