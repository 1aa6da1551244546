/** The command line asks for something that there is not. Exit code 2; the message says what, in whole sentences. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
