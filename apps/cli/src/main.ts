import { CommanderError } from 'commander';
import { Failure } from './failure.js';
import { program } from './program.js';

/** 0: done, 1: failed, 2: asked wrongly. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  return error instanceof Failure ? error.exitCode : 1;
}

function report(error: unknown): void {
  if (error instanceof CommanderError) return; // commander has said it
  const debug = process.env['ANNALS_DEBUG'] !== undefined && error instanceof Error;
  process.stderr.write(`${debug ? (error.stack ?? error.message) : sentenceOf(error)}\n`);
}

function sentenceOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(sentenceOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

try {
  await program().parseAsync();
} catch (error) {
  report(error);
  process.exitCode = exitCodeOf(error);
}
