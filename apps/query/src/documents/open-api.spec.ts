import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { createMetrics } from '#libs/service';
import type { FastifyInstance } from '../http/fastify-types.js';
import type { QueryParts } from '../query-parts.js';
import { QueryModule } from '../query.module.js';
import { exampleOf, type Schema } from './example-of.js';
import { OPEN_API_SHAPE } from './open-api-shape.fixture.js';
import { openApiDocument } from './open-api.js';
import { operationsOf, type Described } from './operations.js';
import { serveDocuments } from './serve-documents.js';

interface Media {
  readonly schema?: Schema;
  readonly example?: unknown;
}
interface Answer {
  readonly description: string;
  readonly content?: Readonly<Record<string, Media>>;
  readonly headers?: Readonly<Record<string, unknown>>;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

/** What is made here has no address of its own. */
const NOT_READ_ALONE = ['/api/v1/feed/tickets', '/api/v1/sequences/{id}/enrollments'];

let document: OpenAPIObject;
let operations: Described[];
let ajv: Ajv2020;
beforeAll(async () => {
  document = await openApiDocument();
  operations = operationsOf(document);
  ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'annals', components: document.components });
});

const named = ({ method, path }: Described): string => `${method.toUpperCase()} ${path}`;
const answersOf = ({ operation }: Described): [string, Answer][] => Object.entries(operation.responses) as [string, Answer][];
const parametersOf = ({ operation }: Described): Parameter[] => (operation.parameters ?? []) as Parameter[];
const mediaOf = (holder: unknown): [string, Media][] => Object.entries((holder as Answer | undefined)?.content ?? {});
const bodyOf = ({ operation }: Described): { content: Record<string, Media> } | undefined => operation.requestBody as never;
const wantsToken = ({ operation }: Described): boolean => (operation.security?.length ?? 0) > 0;

/** Of the operations that are at fault, their names: what a failing test shows. */
const faulty = (isFaulty: (described: Described) => boolean): string[] => operations.filter(isFaulty).map(named);

/** `$ref`s point into the document, which Ajv knows by a name. */
function validator(schema: Schema): ValidateFunction {
  return ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"annals#/components/')) as object);
}

/** Method and path of every route of the running app; HEAD comes with GET, and Swagger's page brings its own files. */
async function routes(): Promise<string[]> {
  const adapter = new FastifyAdapter();
  const found = new Set<string>();
  adapter.getInstance<FastifyInstance>().addHook('onRoute', ({ url, method }) => {
    const path = url.replace(/:(\w+)/g, '{$1}');
    for (const name of [method].flat()) found.add(`${name} ${path.length > 1 ? path.replace(/\/$/, '') : path}`);
  });
  const app = await NestFactory.create<NestFastifyApplication>(QueryModule.of({ metrics: createMetrics('query') } as QueryParts), adapter, {
    logger: false,
    abortOnError: false,
  });
  serveDocuments(app);
  await app.init();
  await app.close();
  return [...found].filter((route) => !route.startsWith('HEAD ') && !/ \/api\/docs\//.test(route)).sort();
}

describe('the OpenAPI document', () => {
  it('has the shape of OpenAPI 3.1 and no member that is not of it', () => {
    const validate = ajv.compile(OPEN_API_SHAPE);
    expect([validate(document), validate.errors]).toEqual([true, null]);
  });

  it('holds together: every reference leads somewhere, every schema is JSON Schema 2020-12', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    const schemas = Object.keys(document.components?.schemas ?? {});
    expect([...new Set(refs)].filter((name) => !schemas.includes(name ?? ''))).toEqual([]);
    expect(schemas.filter((name) => !refs.includes(name))).toEqual([]);
    // words of OpenAPI 3.0, which 3.1 does not know any more
    expect(JSON.stringify(document)).not.toMatch(/"(nullable|exclusiveMinimum|exclusiveMaximum)":(true|false)/);
    for (const name of schemas) {
      const schema = document.components?.schemas?.[name] as object;
      expect([name, ajv.validateSchema(schema), ajv.errorsText()]).toEqual([name, true, 'No errors']);
    }
  });

  it('has every route of the app, and none that the app has not', async () => {
    expect(operations.map(named).sort()).toEqual(await routes());
  });

  it('names, groups and sums up each operation, each with an id of its own', () => {
    expect(faulty(({ operation }) => !operation.summary || operation.tags?.length !== 1)).toEqual([]);
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z]\w+$/.test(id ?? ''))).toEqual([]);
  });

  it('wants a bearer token for everything but operation and documents', () => {
    const schemes = Object.keys(document.components?.securitySchemes ?? {});
    expect(schemes).toEqual(['bearer']);
    const open = operations.filter((described) => !wantsToken(described));
    expect(new Set(open.flatMap(({ operation }) => operation.tags))).toEqual(new Set(['operation', 'documents']));
    for (const { operation } of open) expect(operation.security).toEqual([]);
    for (const described of operations.filter(wantsToken)) {
      expect([named(described), described.operation.security]).toEqual([named(described), [{ bearer: [] }]]);
      expect(parametersOf(described).find(({ name }) => name === 'orgid')).toMatchObject({ in: 'header' });
    }
  });

  it('describes every parameter, those of the path as they stand there', () => {
    for (const described of operations) {
      const parameters = parametersOf(described);
      const lacking = parameters.filter(({ description, schema }) => !description || !schema).map(({ name }) => name);
      expect([named(described), lacking]).toEqual([named(described), []]);
      const inPath = parameters.filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name }) => name).sort()).toEqual([...described.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort());
      expect(inPath.filter(({ required }) => !required)).toEqual([]);
      const keys = parameters.map((parameter) => `${parameter.in} ${parameter.name.toLowerCase()}`);
      expect([named(described), keys.length]).toEqual([named(described), new Set(keys).size]);
    }
  });

  it('shows a schema and an example for every body, sent or answered, and the example fits the schema', () => {
    for (const described of operations) {
      const bodies = [['body', described.operation.requestBody] as const, ...answersOf(described)];
      for (const [kind, holder] of bodies) {
        for (const [type, { schema, example }] of mediaOf(holder)) {
          const place = `${named(described)} ${kind} ${type}`;
          expect([place, typeof schema, example === undefined]).toEqual([place, 'object', false]);
          const validate = validator(schema ?? {});
          expect([place, validate(example), validate.errors]).toEqual([place, true, null]);
        }
      }
    }
  });

  it('has a success for every operation, with a body unless it is a 204', () => {
    for (const described of operations) {
      const successes = answersOf(described).filter(([status]) => status.startsWith('2'));
      expect([named(described), successes.length > 0]).toEqual([named(described), true]);
      for (const [status, answer] of successes)
        expect([named(described), status, mediaOf(answer).length]).toEqual([named(described), status, status === '204' ? 0 : 1]);
    }
    expect(faulty((described) => answersOf(described).some(([, { description }]) => !description))).toEqual([]);
  });

  it('says where a new thing is read, and by which token a write is', () => {
    for (const described of operations.filter(wantsToken)) {
      const headers = (status: string): string[] => Object.keys(answersOf(described).find(([code]) => code === status)?.[1].headers ?? {});
      const has = (status: string): boolean => status in described.operation.responses;
      if (has('201') && !NOT_READ_ALONE.includes(described.path))
        expect([named(described), headers('201')]).toEqual([named(described), expect.arrayContaining(['location'])]);
      if (!has('202')) continue;
      for (const status of ['200', '201', '202'].filter(has))
        expect([named(described), status, headers(status)]).toEqual([named(described), status, ['position-token', 'location']]);
      expect(parametersOf(described).map(({ name }) => name)).toContain('Idempotency-Key');
    }
  });

  it('answers what goes wrong with problem documents: what may happen, and nothing else', () => {
    for (const described of operations.filter(wantsToken)) {
      const problems = answersOf(described).filter(([status]) => status >= '400');
      for (const [status, answer] of problems) {
        expect([named(described), status, mediaOf(answer).map(([type]) => type)]).toEqual([
          named(described),
          status,
          ['application/problem+json'],
        ]);
        expect([named(described), mediaOf(answer)[0]?.[1].example]).toEqual([
          named(described),
          expect.objectContaining({ status: Number(status) }),
        ]);
      }
      const statuses = problems.map(([status]) => status);
      const always = ['400', '401', '403', '409', '503', ...(described.method === 'get' ? [] : ['413', '415'])];
      expect([named(described), always.filter((status) => !statuses.includes(status))]).toEqual([named(described), []]);
      const sometimes = ['404', '412', '422'];
      expect(statuses.filter((status) => ![...always, ...sometimes].includes(status))).toEqual([]);
      const takesVersion = parametersOf(described).some(({ name }) => name === 'If-Match');
      expect([named(described), statuses.includes('412')]).toEqual([named(described), takesVersion]);
    }
  });

  it('takes no body with a read, and a JSON object with whatever else takes one', () => {
    expect(faulty((described) => described.method === 'get' && bodyOf(described) !== undefined)).toEqual([]);
    for (const described of operations) {
      const body = bodyOf(described);
      if (body) expect([named(described), Object.keys(body.content)]).toEqual([named(described), ['application/json']]);
    }
  });

  it('describes live streams as server-sent events that go on from an id', () => {
    const streams = operations.filter(({ path }) => path.endsWith('/stream'));
    expect(streams.length).toBeGreaterThanOrEqual(2);
    for (const described of streams) {
      expect(mediaOf(described.operation.responses['200']).map(([type]) => type)).toEqual(['text/event-stream']);
      expect(parametersOf(described).map(({ name }) => name)).toEqual(expect.arrayContaining(['Last-Event-ID', 'lastEventId', 'ticket']));
    }
  });
});

describe('an example', () => {
  const schemas: Record<string, Schema> = {
    Named: { type: 'object', required: ['id'], properties: { id: { type: 'string', format: 'uuid' } } },
  };

  it('is put together from those of the parts: what is required, and what shows one', () => {
    const schema: Schema = {
      type: 'object',
      required: ['a', 'b', 'c', 'd'],
      properties: {
        a: { type: 'string', example: 'x' },
        b: { type: 'array', items: { $ref: '#/components/schemas/Named' } },
        c: { type: ['string', 'null'] },
        d: { anyOf: [{ enum: ['first', 'second'] }, { type: 'null' }] },
        shown: { type: 'integer', example: 3 },
        silent: { type: 'integer' },
      },
    };
    expect(exampleOf(schema, schemas)).toEqual({ a: 'x', b: [{ id: expect.any(String) as string }], c: null, d: 'first', shown: 3 });
  });

  it('is missed where nothing shows what to write', () => {
    const schema: Schema = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } };
    expect(() => exampleOf(schema, schemas, 'Rule')).toThrow('Rule.name has no example');
  });
});
