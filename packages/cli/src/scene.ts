import type { AnyTable, Client } from '@onlyif/core';
import type { Show } from './show.ts';

/** One story of the demo, in tables of its own. */
export interface Scene {
  readonly title: string;
  /** The story in one sentence. */
  readonly about: string;
  readonly tables: readonly AnyTable[];
  play(stage: Stage): Promise<void>;
}

export interface Stage {
  readonly db: Client;
  readonly show: Show;
}
