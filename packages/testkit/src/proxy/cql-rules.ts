import { type CqlFault, type CqlMatch, type CqlRule, matches } from './cql-faults.ts';
import type { CqlConnection, CqlRequest } from './cql-request.ts';

/** A rule that a proxy follows until it has been used up or is removed. */
export interface ActiveCqlRule {
  /** How often its fault has happened. */
  readonly hits: number;
  /** Resolves when its fault has happened `hits` times: the requests are at the proxy, whatever becomes of them. */
  whenHit(hits?: number): Promise<void>;
  /** Resolves when the server has answered `answers` of these requests. */
  whenAnswered(answers?: number): Promise<void>;
  /** What is held stays held. */
  remove(): void;
}

class Counter {
  value = 0;
  readonly #waiting: { readonly value: number; readonly resolve: () => void }[] = [];

  increase(): void {
    this.value++;
    for (const { value, resolve } of this.#waiting) if (value <= this.value) resolve();
  }

  reaches(value: number): Promise<void> {
    if (value <= this.value) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ value, resolve }));
  }
}

export class RuleInUse implements ActiveCqlRule {
  readonly fault: CqlFault;
  readonly #match: CqlMatch;
  readonly #hits = new Counter();
  readonly #answers = new Counter();
  #left: number;
  #skip: number;
  #removed = false;

  constructor({ match = {}, times = Infinity, skip = 0, do: fault }: CqlRule) {
    this.fault = fault;
    this.#match = match;
    this.#left = times;
    this.#skip = skip;
  }

  get hits(): number {
    return this.#hits.value;
  }

  /** Counts the request where it matches; whether the fault is due. */
  takes(request: CqlRequest, connection: CqlConnection): boolean {
    if (this.#removed || this.#left === 0 || !matches(this.#match, request, connection)) return false;
    if (this.#skip > 0) {
      this.#skip--;
      return false;
    }
    this.#left--;
    this.#hits.increase();
    return true;
  }

  answered(): void {
    this.#answers.increase();
  }

  whenHit(hits = 1): Promise<void> {
    return this.#hits.reaches(hits);
  }

  whenAnswered(answers = 1): Promise<void> {
    return this.#answers.reaches(answers);
  }

  remove(): void {
    this.#removed = true;
  }
}
