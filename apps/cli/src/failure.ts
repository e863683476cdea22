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
