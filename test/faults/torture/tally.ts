import type { ClientEvent } from '@onlyif/core';
import { Counts } from './counts.ts';

/** What became of the calls of a run. */
export class Tally {
  readonly outcomes: Counts = new Counts();
  /** What the calls themselves found out of their open writes. */
  readonly #resolutions = new Counts();
  /** What was found out of others afterwards. */
  readonly #settled = new Counts();
  #begunAgain = 0;
  #fences = 0;

  readonly onEvent = (event: ClientEvent): void => {
    if (event.type === 'outcome') this.outcomes.add(event.code ?? event.outcome);
    if (event.type === 'resolution') this.#resolutions.add(event.by === undefined ? event.outcome : `${event.outcome} by ${event.by}`);
    if (event.type === 'attempt' && event.purpose === 'fence') this.#fences++;
    if (event.type === 'emulation-round' && event.round > 1) this.#begunAgain++;
  };

  settled(outcome: 'applied' | 'not-applied' | 'unknown'): void {
    this.#settled.add(outcome);
  }

  get applied(): number {
    return this.outcomes.of('applied');
  }

  /** Writes that were left open, at least for a while. */
  get open(): number {
    return this.resolved + this.outcomes.of('outcome-unknown');
  }

  /** Of these, those that the library found out. */
  get resolved(): number {
    return known(this.#resolutions);
  }

  describe(): string {
    const share = this.open === 0 ? 0 : Math.round((100 * this.resolved) / this.open);
    return [
      `outcomes ${this.outcomes.describe()}, emulation begun again ${this.#begunAgain} times`,
      `unknown outcomes resolved: ${this.resolved} of ${this.open} (${share} %) ${this.#resolutions.describe()}, fences ${this.#fences}`,
      `settled afterwards: ${known(this.#settled)} of ${this.#settled.total} ${this.#settled.describe()}`,
    ].join('; ');
  }
}

function known(counts: Counts): number {
  return counts.total - counts.of('unknown');
}
