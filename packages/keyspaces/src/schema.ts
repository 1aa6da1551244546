import { setTimeout as sleep } from 'node:timers/promises';
import { isLWTError, LWTError, type Row } from '@onlyif/core';
import { allRows, type Connection, consistencies, schemaOptions, systemOptions } from '@onlyif/cql';
import { classifyKeyspacesError } from './classify.ts';
import type { CreationOptions } from './ddl.ts';

const defaultTimeoutMs = 120_000;
const firstPauseMs = 100;
const longestPauseMs = 2_000;
const consistency = consistencies.LOCAL_QUORUM;

/** States that no table leaves for another: API reference, "TableDefinition", `status`. */
const hopeless: ReadonlySet<string> = new Set(['DELETING', 'INACCESSIBLE_ENCRYPTION_CREDENTIALS']);

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
    return allRows(await this.#connection.open(), cql, parameters, { ...systemOptions, consistency });
  }

  /** When the time is over for what begins now. */
  deadline(): number {
    return performance.now() + (this.#options.timeoutMs ?? defaultTimeoutMs);
  }

  /**
   * Asks for a status until it is the one that is wanted; a question that fails for the moment is asked again. Throws
   * `unavailable` where it never will be, and when the time is over; the service goes on.
   */
  async until(name: string, wanted: 'ACTIVE' | 'absent', statusOf: () => Promise<string>, deadline: number): Promise<void> {
    let last = 'not known';
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      const status = await statusOf().catch(unlessPassing);
      if (status !== undefined) {
        last = status;
        this.#tell(name, status);
        if (status === wanted) return;
        if (wanted === 'ACTIVE' && hopeless.has(status)) throw notSo(name, status, wanted, '', false);
      }
      if (performance.now() + pauseMs > deadline) throw notSo(name, last, wanted, ' in time; the service goes on by itself', true);
      await sleep(pauseMs);
    }
  }

  /** What is made does not depend on who watches it: a listener may throw, at once or later. */
  #tell(name: string, status: string): void {
    void (async () => this.#options.onProgress?.(name, status))().catch(() => undefined);
  }
}

function notSo(name: string, status: string, wanted: string, how: string, retryable: boolean): LWTError {
  return new LWTError('unavailable', `${name} is ${status}, and not ${wanted}${how}.`, { retryable });
}

/** A question that was not answered says nothing of the table. */
function unlessPassing(error: unknown): undefined {
  const { code, retryable } = isLWTError(error) ? error : classifyKeyspacesError(error);
  if (!retryable && code !== 'outcome-unknown') throw error;
  return undefined;
}
