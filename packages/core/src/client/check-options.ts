import { checkNames } from '../check-names.ts';
import { invalidStatement } from '../errors.ts';
import type { CallOptions, ClientOptions } from './client.ts';

/** The longest delay that a Node timer takes. */
const maxTimeoutMs = 2 ** 31 - 1;

interface Expected {
  readonly words: string;
  readonly holds: (value: unknown) => boolean;
}

const isFunction: Expected = { words: 'a function', holds: (value) => typeof value === 'function' };
const isBoolean: Expected = { words: 'true or false', holds: (value) => typeof value === 'boolean' };
const isOneOf = (...values: readonly string[]): Expected => ({
  words: values.map((value) => `'${value}'`).join(' or '),
  holds: (value) => values.includes(value as string),
});
/** By shape: a signal may be of another realm. */
const isSignal: Expected = {
  words: 'an AbortSignal',
  holds: (value) => typeof (value as Partial<AbortSignal> | null)?.addEventListener === 'function' && 'aborted' in (value as object),
};
const isTimeout: Expected = {
  words: `a number of milliseconds from 1 to ${maxTimeoutMs}`,
  holds: (value) => typeof value === 'number' && value >= 1 && value <= maxTimeoutMs,
};
/** Checked where more is known. */
const isAnything: Expected = { words: '', holds: () => true };

const shared = { existing: isOneOf('row', 'condition', 'none'), emulate: isBoolean, timeoutMs: isTimeout };
const call: { readonly [K in keyof CallOptions]-?: Expected } = { ...shared, signal: isSignal, native: isFunction, token: isAnything };
const client: { readonly [K in keyof ClientOptions]-?: Expected } = {
  ...shared,
  onEvent: isFunction,
  retry: isAnything,
  verify: isOneOf('first-use', 'off'),
};

/** Refuses options of a call that are unknown or wrong: one that is not heard of would be lost. */
export function checkCallOptions(options: CallOptions): void {
  check('The options of a call', call, options);
}

/** By shape: adapters are also made elsewhere. */
export function checkAdapter(adapter: unknown): void {
  const { dialect, execute } = (adapter ?? {}) as { readonly dialect?: unknown; readonly execute?: unknown };
  if (typeof dialect !== 'object' || typeof execute !== 'function')
    throw invalidStatement('createClient takes an adapter, such as memory(): got none.');
}

export function checkClientOptions(options: object): void {
  check('The options of createClient', client, options);
}

function check(what: string, known: Readonly<Record<string, Expected>>, options: object): void {
  checkNames(what, Object.keys(known), options);
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && known[name]?.holds(value) === false)
      throw invalidStatement(`${what}: ${name} is ${known[name].words}, not ${inWords(value)}.`);
  }
}

function inWords(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
