// Writes every file that is generated from code: `node tools/generate.mjs`, after a build.
// `--check` writes nothing and fails with the list of stale files.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asyncApi, eventsMarkdown, jsonSchemas, rightsMarkdown } from '../dist/libs/contracts/src/index.js';
import { ingestConfig } from '../dist/apps/ingest/src/config.js';
import { automationConfig } from '../dist/apps/automation/src/config.js';
import { enrichmentConfig } from '../dist/apps/enrichment-worker/src/config.js';
import { sequenceConfig } from '../dist/apps/sequence-engine/src/config.js';
import { webhookConfig } from '../dist/apps/email-webhook/src/config.js';
import { queryConfig } from '../dist/apps/query/src/config.js';
import { openApiDocument } from '../dist/apps/query/src/documents/open-api.js';
import { startConfig } from '../dist/apps/cli/src/start/settings.js';
import { demoConfig } from '../dist/apps/cli/src/demo/config.js';
import { envExample } from '../dist/libs/service/src/index.js';
import { startPostgres } from '../dist/libs/local-stack/src/index.js';
import { dumpSchema, migrate } from '../dist/libs/store/src/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

/** The schema that the migrations make, on a PostgreSQL of its own. */
async function freshSchema() {
  const server = await startPostgres({ durable: false });
  try {
    await migrate(server.url);
    return await dumpSchema(server.url);
  } finally {
    await server.stop();
  }
}

/** The file as it stands, with what lies between its marks `<!-- name -->` and `<!-- /name -->` made anew. */
async function withSection(path, name, section) {
  const [before, rest] = (await current(path)).split(`<!-- ${name} -->`);
  const [, after] = (rest ?? '').split(`<!-- /${name} -->`);
  if (after === undefined) throw new Error(`${path} lacks the marks of its section ${name}`);
  return `${before}<!-- ${name} -->\n\n${section}\n\n<!-- /${name} -->${after}`;
}

/** One entry per generated file; `content` may be asynchronous. Add yours here. */
const FILES = [
  { path: 'libs/store/schema.sql', content: freshSchema },
  {
    path: '.env.example',
    content: () =>
      envExample([ingestConfig, automationConfig, queryConfig, webhookConfig, enrichmentConfig, sequenceConfig, startConfig, demoConfig]),
  },
  { path: 'docs/operating.md', content: () => withSection('docs/operating.md', 'rights', rightsMarkdown()) },
  { path: 'docs/events.md', content: () => eventsMarkdown() },
  { path: 'docs/generated/asyncapi.json', content: () => json(asyncApi()) },
  { path: 'docs/generated/openapi.json', content: async () => json(await openApiDocument()) },
  ...Object.entries(jsonSchemas()).map(([name, schema]) => ({ path: `docs/generated/schemas/${name}.json`, content: () => json(schema) })),
];
/** Folders that hold generated files only: what no entry makes is stale. */
const OWNED_FOLDERS = ['docs/generated/schemas'];

async function current(path) {
  return readFile(join(root, path), 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

async function strangers() {
  const made = new Set(FILES.map(({ path }) => path));
  const lists = await Promise.all(
    OWNED_FOLDERS.map(async (folder) => (await readdir(join(root, folder)).catch(() => [])).map((name) => `${folder}/${name}`)),
  );
  return lists.flat().filter((path) => !made.has(path));
}

const stale = [];
for (const { path, content } of FILES) {
  const text = await content();
  if ((await current(path)) !== text) stale.push({ path, text });
}
const left = await strangers();

if (process.argv.includes('--check')) {
  for (const path of [...stale.map((file) => file.path), ...left]) console.error(`stale: ${path}`);
  if (stale.length + left.length > 0) {
    console.error('Run: npm run build && node tools/generate.mjs');
    process.exitCode = 1;
  }
} else {
  for (const { path, text } of stale) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  for (const path of left) await rm(join(root, path));
  console.log(`${stale.length} written, ${left.length} removed, ${FILES.length} in all`);
}
