import type { ClientEvent } from '@onlyif/core';

/** What became of the calls of a run. */
export class Tally {
  readonly outcomes: Map<string, number> = new Map();
  /** What the calls themselves found out of their open writes. */
  readonly #resolutions = new Map<string, number>();
  /** What was found out of others afterwards. */
  readonly #settled = new Map<string, number>();
  #begunAgain = 0;

  readonly onEvent = (event: ClientEvent): void => {
    if (event.type === 'outcome') count(this.outcomes, event.code ?? event.outcome);
    if (event.type === 'resolution') count(this.#resolutions, event.by === undefined ? event.outcome : `${event.outcome} by ${event.by}`);
    if (event.type === 'emulation-round' && event.round > 1) this.#begunAgain++;
  };

  settled(outcome: 'applied' | 'not-applied' | 'unknown'): void {
    count(this.#settled, outcome);
  }

  get applied(): number {
    return this.outcomes.get('applied') ?? 0;
  }

  /** Writes that were left open, at least for a while. */
  get open(): number {
    return this.resolved + (this.outcomes.get('outcome-unknown') ?? 0);
  }

  /** Of these, those that the library found out. */
  get resolved(): number {
    return known(this.#resolutions);
  }

  describe(): string {
    const share = this.open === 0 ? 0 : Math.round((100 * this.resolved) / this.open);
    return [
      `outcomes ${show(this.outcomes)}, emulation begun again ${this.#begunAgain} times`,
      `unknown outcomes resolved: ${this.resolved} of ${this.open} (${share} %) ${show(this.#resolutions)}`,
      `settled afterwards: ${known(this.#settled)} of ${sum(this.#settled)} ${show(this.#settled)}`,
    ].join('; ');
  }
}

function known(counts: ReadonlyMap<string, number>): number {
  return sum(counts) - (counts.get('unknown') ?? 0);
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, each) => total + each, 0);
}

function show(counts: ReadonlyMap<string, number>): string {
  return JSON.stringify(Object.fromEntries([...counts].sort(([, a], [, b]) => b - a)));
}
