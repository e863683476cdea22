import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The test of the layer rules: in a copy of the sources, files with a forbidden import are planted, and every rule must report
 * its own. Without it a rule that cannot see an import, for want of a resolver's condition, passes on everything.
 */
const root = fileURLToPath(new URL('..', import.meta.url));

const plants = [
  ['libs/contracts/src', "import '#libs/store';", 'contracts-import-nothing-of-ours'],
  ['libs/timelines/src', "import 'pg';", 'pure-libs-do-no-io'],
  ['libs/timelines/src', "import '#libs/bus';", 'pure-libs-import-contracts-only'],
  ['libs/contracts/src', "import 'node:fs';", 'pure-libs-have-no-node-builtins'],
  ['apps/query/src', "import 'typeorm';", 'only-store-knows-postgres'],
  ['apps/ingest/src', "import 'kafkajs';", 'only-bus-knows-kafka'],
  ['libs/producer/src', "import '#libs/service';", 'producer-needs-contracts-and-bus'],
  ['libs/bus/src', "import '#libs/store';", 'store-and-bus-are-strangers'],
  ['libs/store/src', "import '../../../apps/query/src/main.js';", 'libs-never-import-apps'],
  ['apps/query/src', "import '../../ingest/src/main.js';", 'apps-never-import-apps'],
  ['apps/query/src', "import '../../../libs/contracts/src/event.js';", 'apps-import-libs-by-name'],
  ['libs/store/src', "import '../../contracts/src/event.js';", 'libs-import-libs-by-name'],
  ['apps/query/src', "import '#libs/testing';", 'testing-stays-in-tests'],
  ['libs/store/src', "import './a-file-that-is-not-there.js';", 'no-unresolvable'],
  ['libs/store/src', "import './planted-violation-14.js';", 'no-circular'],
].map(([folder, text, rule], index) => ({ file: `${folder}/planted-violation-${index}.ts`, text, rule }));

const copy = mkdtempSync(join(tmpdir(), 'annals-layers-'));
try {
  for (const part of ['apps', 'libs', 'package.json', 'tsconfig.base.json', 'dependency-cruiser.cjs']) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const { file, text } of plants) writeFileSync(join(copy, file), `${text}\n`);
  report(violations());
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function violations() {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [program, 'apps', 'libs', '--config', 'dependency-cruiser.cjs', '--output-type', 'json'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (stderr) throw new Error(stderr);
  return JSON.parse(stdout).summary.violations;
}

function report(found) {
  const reported = new Set(found.map(({ from, rule }) => `${rule.name} ${from}`));
  const unseen = plants.filter(({ file, rule }) => !reported.has(`${rule} ${file}`));
  for (const { file, text, rule } of unseen) console.error(`${rule} did not report ${text} in ${file}`);
  process.exitCode = unseen.length > 0 ? 1 : 0;
}
