/** What a command is given of the process that runs it. */
export interface Terminal {
  /** Prints one line of the command's own output. */
  out(line: string): void;
  /** Prints one line about the run: where it takes place, what went wrong. */
  err(line: string): void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborts when the command shall end early; it still takes away what it made. */
  readonly signal: AbortSignal;
}
