import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** `npm run check`: everything that a reader could object to without running the product. All steps run, one line each. */
const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (path) => ['node', `node_modules/${path}`];

const steps = [
  ['types', [...bin('typescript/bin/tsc'), '-p', 'tsconfig.base.json', '--noEmit']],
  ['lint', [...bin('eslint/bin/eslint.js'), 'apps', 'libs', 'test']],
  ['layers', [...bin('dependency-cruiser/bin/dependency-cruise.mjs'), 'apps', 'libs', '--config', 'dependency-cruiser.cjs']],
  ['layers report planted violations', ['node', 'tools/plant-violations.mjs']],
  ['formatting', [...bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  ['generated files', ['node', 'tools/generate.mjs', '--check']],
  ['lock file', ['node', 'tools/lockcheck.mjs']],
];

const failed = [];
for (const [name, command] of steps) {
  const startedAt = performance.now();
  const { code, output } = await run(command);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(34)} ${seconds.padStart(5)} s`);
  if (code === 0) continue;
  failed.push(name);
  console.log(output.trim().replace(/^/gm, '        '));
}
console.log(
  failed.length === 0 ? `All ${steps.length} checks hold.` : `${failed.length} of ${steps.length} checks failed: ${failed.join(', ')}.`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

function run([program, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(program === 'node' ? process.execPath : program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}
