import { startStack } from './stack.mjs';

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** Jest calls this once for all projects that name it. */
export default async function globalSetup() {
  // an exit, unlike a signal, runs the hooks that end the broker and the database
  for (const [signal, code] of Object.entries(EXIT_CODES)) process.once(signal, () => process.exit(code));
  process.stderr.write(`${await startStack()}\n`);
}
