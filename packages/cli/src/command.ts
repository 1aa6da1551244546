import type { Terminal } from './terminal.ts';

/** One word after `onlyif`. */
export interface Command {
  readonly summary: string;
  /** What `--help` prints. */
  readonly usage: string;
  /** Throws `UsageError` for arguments that it does not know. */
  run(args: readonly string[], terminal: Terminal): Promise<void>;
}
