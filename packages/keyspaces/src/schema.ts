import { setTimeout as sleep } from 'node:timers/promises';
import { LWTError, type Row } from '@onlyif/core';
import { type Connection, consistencies, schemaOptions, systemOptions } from '@onlyif/cql';
import type { CreationOptions } from './ddl.ts';

const defaultTimeoutMs = 120_000;
const firstPauseMs = 100;
const longestPauseMs = 2_000;
const consistency = consistencies.LOCAL_QUORUM;

/** Sends schema statements, which the service carries out after it has answered, and waits until it has. */
export class Schema {
  readonly #connection: Connection;
  readonly #options: CreationOptions;

  constructor(connection: Connection, options: CreationOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  async define(cql: string): Promise<void> {
    const client = await this.#connection.open();
    await client.execute(cql, [], { ...schemaOptions, consistency });
  }

  /** Rows of `system_schema_mcs`. */
  async rows(cql: string, ...parameters: readonly string[]): Promise<readonly Row[]> {
    const client = await this.#connection.open();
    const { rows } = await client.execute(cql, [...parameters], { ...systemOptions, consistency });
    return rows ?? [];
  }

  /** Asks for a status until it is the one that is wanted. Throws `unavailable` when the time is over; the service goes on. */
  async until(name: string, wanted: 'ACTIVE' | 'absent', statusOf: () => Promise<string>): Promise<void> {
    const { timeoutMs = defaultTimeoutMs, onProgress } = this.#options;
    const deadline = performance.now() + timeoutMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      const status = await statusOf();
      onProgress?.(name, status);
      if (status === wanted) return;
      if (performance.now() + pauseMs > deadline)
        throw new LWTError(
          'unavailable',
          `${name} is ${status}, and not ${wanted}, after ${timeoutMs} ms; the service goes on by itself.`,
          { retryable: true },
        );
      await sleep(pauseMs);
    }
  }
}
