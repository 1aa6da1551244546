import type { Capabilities, Dialect } from '@onlyif/core';
import { CqlCompiler } from './compile-statement.ts';
import type { CqlCompiled, CqlDialectSettings } from './compiled.ts';

/** A dialect of CQL, by what its server takes and what a strong read does there. */
export function cqlDialect(settings: CqlDialectSettings, { readCloses }: Pick<Capabilities, 'readCloses'>): Dialect<CqlCompiled> {
  const compiler = new CqlCompiler(settings);
  return {
    name: settings.name,
    capabilities: {
      booleanLogic: false,
      readCloses,
      staticColumns: false,
      maxKeyColumns: { partition: Infinity, clustering: Infinity },
      ...(settings.features.notNull === true ? {} : { pinsGuard: true }),
    },
    compile: (statement, options) => compiler.compile(statement, options),
  };
}
