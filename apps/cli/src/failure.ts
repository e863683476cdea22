/** Why a command cannot do what it was asked, as one sentence for the person who asked. */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    sentence: string,
    /** 1: it failed; 2: it was asked wrongly. */
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(sentence);
  }
}

/** An error as a person reads it; with `ANNALS_DEBUG`, where it came from as well. */
export function explain(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(explain).join('; ');
  if (!(error instanceof Error)) return String(error);
  return process.env['ANNALS_DEBUG'] ? (error.stack ?? error.message) : error.message;
}
