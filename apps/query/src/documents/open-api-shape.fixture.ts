const text = { type: 'string', minLength: 1 };
const anything = { type: 'object' };
const closed = (properties: object, required: readonly string[]): object => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});
const mapOf = (values: object, names = '.'): object => ({
  type: 'object',
  patternProperties: { [names]: values },
  additionalProperties: false,
});

const media = mapOf(closed({ schema: anything, example: {}, examples: anything }, ['schema']), '^[a-z]+/[a-z+-]+$');
const header = closed({ description: text, schema: anything }, ['description', 'schema']);
const response = closed({ description: text, headers: mapOf(header), content: media }, ['description']);
const parameter = closed(
  {
    ...{ name: text, in: { enum: ['path', 'query', 'header'] }, description: text, required: { type: 'boolean' } },
    ...{ schema: anything, example: {}, style: text, explode: { type: 'boolean' } },
  },
  ['name', 'in', 'description', 'required', 'schema'],
);
const operation = closed(
  {
    ...{ operationId: text, summary: text, description: text, tags: { type: 'array', items: text, minItems: 1 } },
    parameters: { type: 'array', items: parameter },
    requestBody: closed({ description: text, required: { type: 'boolean' }, content: media }, ['required', 'content']),
    responses: mapOf(response, '^[1-5][0-9]{2}$'),
    security: { type: 'array', items: mapOf({ type: 'array', items: text }) },
  },
  ['operationId', 'summary', 'tags', 'parameters', 'responses', 'security'],
);

/** What OpenAPI 3.1.0 allows, as far as annals uses it, and no member besides: a typing error is no extension. */
export const OPEN_API_SHAPE = closed(
  {
    openapi: { const: '3.1.0' },
    info: closed({ title: text, description: text, version: text, contact: anything }, ['title', 'version']),
    servers: { type: 'array' },
    tags: { type: 'array' },
    paths: mapOf(closed({ get: operation, put: operation, post: operation, delete: operation, patch: operation }, []), '^/[a-z]'),
    components: closed({ schemas: mapOf(anything, '^[A-Za-z]+$'), securitySchemes: mapOf(anything) }, ['schemas', 'securitySchemes']),
  },
  ['openapi', 'info', 'paths', 'components'],
);
