import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
}
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: Schema;
}
interface Media {
  readonly schema: Schema;
  readonly example: unknown;
}
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly object[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>>; readonly headers?: object }>>;
  readonly method: string;
  readonly path: string;
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Omit<Operation, 'method' | 'path'>>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const FORMATS: Readonly<Record<string, RegExp | true>> = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z$/,
  date: /^\d{4}-\d\d-\d\d$/,
  int64: true,
};

/** Streams carry entries as the lists print them. */
const ENTRY = { anyOf: [{ $ref: '#/components/schemas/ItemAnswer' }, { $ref: '#/components/schemas/CustomerItemAnswer' }] };

/** `/api/openapi.json` as the running app serves it, taken at its word: an answer may hold what is described, and no member more. */
export class ServedDocument {
  readonly operations: readonly Operation[];
  private readonly ajv = new Ajv2020({ strict: false, formats: FORMATS });
  private readonly compiled = new Map<string, ValidateFunction>();

  private constructor(private readonly document: OpenApi) {
    this.operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
    );
    // a problem document may carry members of its own (RFC 9457 § 3.2)
    const { ProblemAnswer, ...answers } = document.components.schemas;
    this.ajv.addSchema({ $id: 'annals', components: { schemas: { ...(closed(answers) as object), ProblemAnswer } } });
  }

  static async of(url: string): Promise<ServedDocument> {
    return new ServedDocument((await (await fetch(`${url}/api/openapi.json`)).json()) as OpenApi);
  }

  /** Those behind a token. */
  get guarded(): Operation[] {
    return this.operations.filter(({ security }) => security.length > 0);
  }

  find(method: string, path: string): Operation | undefined {
    return this.operations.find((operation) => operation.method === method && operation.path === path);
  }

  /** Those of every path that an address may be. */
  at(address: string): Operation[] {
    return this.operations.filter(({ path }) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(address));
  }

  /** Properties of the body, by name. */
  bodyOf({ requestBody }: Operation): Readonly<Record<string, Schema>> {
    const { $ref } = requestBody?.content['application/json']?.schema ?? {};
    return this.document.components.schemas[$ref?.split('/').at(-1) ?? '']?.properties ?? {};
  }

  /** What of the answer is not as described; empty: nothing. */
  faultsOf(operation: Operation, answer: { readonly status: number; readonly type: string; readonly text: string }): unknown[] {
    const described = operation.responses[answer.status];
    if (described === undefined) return [`status ${answer.status} is not described: ${answer.text.slice(0, 300)}`];
    const [[type, media] = []] = Object.entries(described.content ?? {});
    if (type === undefined || media === undefined) return answer.text === '' ? [] : [`a ${answer.status} has no body`];
    if (answer.type.split(';')[0] !== type) return [`${answer.type} instead of ${type}`];
    if (type === 'text/event-stream') return entriesOf(answer.text).flatMap((entry) => this.mismatch('an entry', ENTRY, entry));
    return type.endsWith('json') ? this.mismatch(`${operation.operationId} ${answer.status}`, media.schema, JSON.parse(answer.text)) : [];
  }

  private mismatch(name: string, schema: Schema, value: unknown): unknown[] {
    const validate = this.validator(name, schema);
    return validate(value) ? [] : (validate.errors ?? []);
  }

  private validator(name: string, schema: Schema): ValidateFunction {
    const known = this.compiled.get(name);
    if (known) return known;
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"annals#/components/');
    const validate = this.ajv.compile(JSON.parse(text) as object);
    this.compiled.set(name, validate);
    return validate;
  }
}

function entriesOf(stream: string): unknown[] {
  return [...stream.matchAll(/^event: item\ndata: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? '') as unknown);
}

/** Every object that names its members takes no others. */
function closed(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(closed);
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'example' || key === 'enum' || key === 'default' ? (value as unknown) : closed(value),
    ]),
  );
  const namesMembers = typeof inner['properties'] === 'object' && [inner['type']].flat().includes('object');
  return namesMembers ? { additionalProperties: false, ...inner } : inner;
}
