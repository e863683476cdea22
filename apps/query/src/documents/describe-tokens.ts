import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf, type Operation } from './operations.js';

const TOKEN = {
  description: 'The token of an earlier answer: this request waits until what was written there is visible, or answers 409; staff only',
  required: false,
  schema: { type: 'string', pattern: '^([0-9]{1,19}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$', examples: ['971'] },
};
const NOT_YET_VISIBLE = {
  description: 'What the position token names is not visible yet',
  content: {
    'application/problem+json': {
      schema: {
        allOf: [
          { $ref: '#/components/schemas/ProblemAnswer' },
          {
            type: 'object',
            required: ['asked', 'head', 'lag'],
            properties: {
              asked: { type: 'string', description: 'The token' },
              head: { type: 'string', description: 'Position of the newest entry' },
              lag: { type: ['string', 'null'], description: 'Positions in between; null where an entry was asked for' },
            },
          },
        ],
      },
      example: {
        type: 'urn:annals:problem:not-yet-visible',
        title: 'Not visible yet',
        status: 409,
        detail: 'what the position token names is not in the log yet; ask again shortly',
        asked: '971',
        head: '968',
        lag: '3',
      },
    },
  },
};

/** Every operation that wants a bearer token takes a position token too: the guard sees to it, so no controller says so. */
export function describeTokens(document: OpenAPIObject): void {
  for (const { operation } of operationsOf(document)) if (operation.security?.length) describe(operation);
}

function describe(operation: Operation): void {
  operation.parameters = [
    ...(operation.parameters ?? []),
    { name: 'position-token', in: 'header', ...TOKEN } as never,
    { name: 'token', in: 'query', ...TOKEN } as never,
  ];
  operation.responses['409'] = NOT_YET_VISIBLE;
}
