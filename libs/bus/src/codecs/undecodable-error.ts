/** A batch that cannot be turned into records. The message never quotes its bytes. */
export class UndecodableError extends Error {
  override readonly name = 'UndecodableError';
}
