import type { Adapter } from '@onlyif/core';
import { InjectedFault } from './fault.ts';
import { type FaultOptions, type Faults, Faulty } from './faulty.ts';

/**
 * The same adapter on a bad day: its writes and reads meet faults, by chance or as a script says, so that tests see what
 * an application does with each outcome. Everything else of the adapter stays as it is; `faults` is added. `WriteFault`
 * says what each fault does, and what the caller is told: never anything untrue.
 *
 * ```ts
 * const adapter = withFaults(memory(), { seed: 1, script: ['lost-reply'] });
 * const db = createClient(adapter);
 * await db.insert(users, { id: 'a' }, { if: notExists() }); // throws: outcome 'unknown', and the row is there
 * adapter.faults.log; // [{ call: 0, fault: 'lost-reply', statement: … }]
 * ```
 */
export function withFaults<A extends Adapter>(adapter: A, options: FaultOptions): A & { readonly faults: Faults } {
  const faulty = new Faulty(adapter, options);
  const replaced: Partial<Adapter> & { readonly faults: Faults } = {
    faults: faulty,
    execute: (compiled, context) => faulty.execute(compiled, context),
    read: (compiled, context) => faulty.read(compiled, context),
    classify: (error) => (error instanceof InjectedFault ? error.failure : adapter.classify(error)),
    close: () => faulty.close(),
  };
  // Private members of a class are found on the adapter itself only, so its functions are called on it.
  return new Proxy(Object.create(adapter), {
    get: (_, name) => {
      if (Object.hasOwn(replaced, name)) return Reflect.get(replaced, name);
      const value: unknown = Reflect.get(adapter, name, adapter);
      return typeof value === 'function' ? value.bind(adapter) : value;
    },
    set: (_, name, value) => Reflect.set(adapter, name, value),
    has: (_, name) => Object.hasOwn(replaced, name) || Reflect.has(adapter, name),
  }) as never;
}
