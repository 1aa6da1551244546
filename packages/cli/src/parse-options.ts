import { parseArgs } from 'node:util';
import type { OptionValues } from './parse-backend.ts';
import { UsageError } from './usage-error.ts';

/** Reads `--name value` of the given names; throws `UsageError` for anything else, and for an empty value. */
export function parseOptions(args: readonly string[], names: readonly string[]): OptionValues {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' }] as const));
  const values = parse(args, options);
  const empty = Object.keys(values).find((name) => values[name] === '');
  if (empty !== undefined) throw new UsageError(`--${empty} is empty.`);
  return values;
}

function parse(args: readonly string[], options: { readonly [name: string]: { readonly type: 'string' } }): OptionValues {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // What follows is advice of Node's about `--`, which means nothing here.
    const [what = ''] = error.message.split(/\. |\n/);
    throw new UsageError(`${what.replace(/\.$/, '')}.`);
  }
}
