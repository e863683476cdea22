// Runs the built annals command, or says in one sentence that it is not built.
import { existsSync } from 'node:fs';

const entry = new URL('../dist/apps/cli/src/main.js', import.meta.url);
if (existsSync(entry)) await import(entry.href);
else {
  console.error('annals is not built yet: npm run build does it (npm start as well).');
  process.exitCode = 1;
}
