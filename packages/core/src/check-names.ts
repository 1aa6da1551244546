import { invalidStatement } from './errors.ts';

/**
 * Refuses options of unknown names: one that is not heard of would be lost. `what` begins the sentence, "The options of
 * insert", and `hint` is one of its own.
 */
export function checkNames(what: string, known: readonly string[], options: unknown, hint: string = ''): void {
  if (typeof options !== 'object' || options === null) throw invalidStatement(`${what} are an object, not ${String(options)}.`);
  for (const name of Object.keys(options))
    if (!known.includes(name)) throw invalidStatement(`${what} have no ${name}; they have ${known.join(', ')}.${hint && ` ${hint}`}`);
}
