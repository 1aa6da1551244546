import { invalidStatement } from '../errors.ts';
import { checkOptions, type Expected, expected } from '../expected.ts';
import type { CallOptions, ClientOptions } from './client.ts';

const isOneOf = (...values: readonly string[]): Expected => ({
  words: values.map((value) => `'${value}'`).join(' or '),
  holds: (value) => values.includes(value as string),
});
/** By shape: a signal may be of another realm. */
const isSignal: Expected = {
  words: 'an AbortSignal',
  holds: (value) => typeof (value as Partial<AbortSignal> | null)?.addEventListener === 'function' && 'aborted' in (value as object),
};

const shared = { existing: isOneOf('row', 'condition', 'none'), emulate: expected.boolean, timeoutMs: expected.timeoutMs };
const call: { readonly [K in keyof CallOptions]-?: Expected } = {
  ...shared,
  signal: isSignal,
  native: expected.function,
  token: expected.anything,
};
const client: { readonly [K in keyof ClientOptions]-?: Expected } = {
  ...shared,
  onEvent: expected.function,
  retry: expected.anything,
  verify: isOneOf('first-use', 'off'),
};

export function checkCallOptions(options: CallOptions): void {
  checkOptions('The options of a call', call, options);
}

export function checkClientOptions(options: object): void {
  checkOptions('The options of createClient', client, options);
}

/** By shape: adapters are also made elsewhere. */
export function checkAdapter(adapter: unknown): void {
  const { dialect, execute } = (adapter ?? {}) as { readonly dialect?: unknown; readonly execute?: unknown };
  if (typeof dialect !== 'object' || typeof execute !== 'function')
    throw invalidStatement('createClient takes an adapter, such as memory(): got none.');
}
