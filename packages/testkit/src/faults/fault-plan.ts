import type { Fault } from './fault.ts';
import { randomNumbers } from './random.ts';

/** The share of calls that meet a fault, from 0 to 1; together at most 1. */
export type Rates<F extends Fault> = { readonly [K in F]?: number };

/** Which fault each call meets: first those of a script, then by chance. One number is drawn a call, whatever comes of it. */
export class FaultPlan<F extends Fault> {
  readonly #script: (F | 'ok')[];
  readonly #rates: readonly (readonly [F, number])[];
  readonly #random: () => number;
  readonly #storm: number;
  #contended = 0;

  /** `storm` is the number of calls in a row that meet `'contention'` where chance brings it. */
  constructor(script: readonly (F | 'ok')[], rates: Rates<F>, seed: number, storm: number) {
    this.#script = [...script];
    this.#rates = checkedRates(rates);
    this.#random = randomNumbers(seed);
    this.#storm = storm;
  }

  /** The next calls meet these, before whatever was planned. */
  force(faults: readonly (F | 'ok')[]): void {
    this.#script.unshift(...faults);
  }

  next(): F | 'ok' {
    const drawn = this.#drawn(this.#random());
    const scripted = this.#script.shift();
    if (scripted !== undefined) return scripted;
    if (this.#contended > 0) {
      this.#contended--;
      return 'contention' as F;
    }
    if (drawn === 'contention') this.#contended = this.#storm - 1;
    return drawn;
  }

  #drawn(number: number): F | 'ok' {
    let sum = 0;
    for (const [fault, rate] of this.#rates) if (number < (sum += rate)) return fault;
    return 'ok';
  }
}

function checkedRates<F extends Fault>(rates: Rates<F>): readonly (readonly [F, number])[] {
  const entries = Object.entries(rates) as [F, number][];
  const sum = entries.reduce((total, [, rate]) => total + rate, 0);
  // A sum of thirds and tenths may be a little more than 1.
  if (entries.some(([, rate]) => !(rate >= 0)) || sum > 1 + 1e-9) throw new RangeError('Rates are from 0 to 1, together at most 1.');
  return entries;
}
