import { checkNames } from './check-names.ts';
import { invalidStatement } from './errors.ts';

/** What the value of an option is: in words that follow "is", and as a test. */
export interface Expected {
  readonly words: string;
  readonly holds: (value: unknown) => boolean;
}

/** The longest delay that a Node timer takes. */
const maxTimeoutMs = 2 ** 31 - 1;

/** What options are made of, for `checkOptions`. */
export const expected: Readonly<Record<'function' | 'boolean' | 'text' | 'timeoutMs' | 'anything', Expected>> = {
  function: { words: 'a function', holds: (value) => typeof value === 'function' },
  boolean: { words: 'true or false', holds: (value) => typeof value === 'boolean' },
  text: { words: 'text', holds: (value) => typeof value === 'string' && value !== '' },
  timeoutMs: {
    words: `a number of milliseconds from 1 to ${maxTimeoutMs}`,
    holds: (value) => typeof value === 'number' && value >= 1 && value <= maxTimeoutMs,
  },
  /** Checked where more is known. */
  anything: { words: '', holds: () => true },
};

/** Refuses options of unknown names, which would be lost, and of wrong values. `what` begins the sentence. */
export function checkOptions(what: string, known: Readonly<Record<string, Expected>>, options: object): void {
  checkNames(what, Object.keys(known), options);
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && known[name]?.holds(value) === false)
      throw invalidStatement(`${what}: ${name} is ${known[name].words}, not ${inWords(value)}.`);
  }
}

function inWords(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
