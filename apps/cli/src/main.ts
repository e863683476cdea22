import { CommanderError } from 'commander';
import { explain, Failure } from './failure.js';
import { program } from './program.js';

/** 0: done, 1: failed, 2: asked wrongly. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  return error instanceof Failure ? error.exitCode : 1;
}

try {
  await program().parseAsync();
} catch (error) {
  // of a wrong usage commander has spoken already
  if (!(error instanceof CommanderError)) process.stderr.write(`${explain(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
