import {
  type CompileOptions,
  describeCondition,
  impliesRow,
  normalise,
  type Statement,
  type TableDefinition,
  unsupported,
  type UpsertStatement,
} from '@onlyif/core';
import type { CqlCompiled, CqlDialectSettings } from './compiled.ts';
import { type Change, type Guard, StatementWriter } from './statement-writer.ts';
import { type TableTexts, tableTexts } from './table-texts.ts';

/** Compiles statements to CQL; texts are made once per shape and table. */
export class CqlCompiler {
  readonly #settings: CqlDialectSettings;
  readonly #tables = new WeakMap<TableDefinition, TableTexts>();

  constructor(settings: CqlDialectSettings) {
    this.#settings = settings;
  }

  compile(statement: Statement, options: CompileOptions = {}): CqlCompiled {
    const texts = this.#texts(statement.table);
    const writer = new StatementWriter(texts);
    switch (statement.kind) {
      case 'insert':
        return writer.insert(statement);
      case 'get':
        return writer.get(statement);
      case 'upsert':
        requireMarker(this.#settings.name, statement);
        return writer.change(statement, this.#returnedGuard(options));
      case 'update':
      case 'replace':
      case 'delete':
        return writer.change(statement, this.#needsGuard(statement) ? 'required' : this.#returnedGuard(options));
    }
  }

  #returnedGuard({ existing }: CompileOptions): Guard {
    return this.#settings.absentAsNulls && existing !== 'none' ? 'returned' : 'none';
  }

  /** R1, R2: a condition that may hold on an absent row needs `<notNull column> != null` beside it. */
  #needsGuard(statement: Exclude<Change, UpsertStatement>): boolean {
    if (statement.if.kind === 'exists') return false;
    const condition = normalise(statement.if);
    if (impliesRow(condition) || condition.kind === 'constant') return false;
    if (statement.table.notNull.length > 0) return true;
    throw unsupported(
      `The condition "${describeCondition(statement.if)}" also holds on an absent row, which ${this.#settings.name} would create, and no column of ${statement.table.name} proves that the row is there (IF EXISTS cannot stand beside a condition).`,
      'declare a column that every row holds as notNull(), or add a condition that only a live row fulfils, such as eq or isNotNull',
    );
  }

  #texts(table: TableDefinition): TableTexts {
    let texts = this.#tables.get(table);
    if (texts === undefined) this.#tables.set(table, (texts = tableTexts(this.#settings, table)));
    return texts;
  }
}

/** R3: without a `notNull` column a row born by UPDATE vanishes with its last value. */
function requireMarker(dialect: string, statement: UpsertStatement): void {
  if (statement.table.notNull.length > 0 || impliesRow(normalise(statement.if))) return;
  throw unsupported(
    `An upsert of ${statement.table.name} may create the row by UPDATE, and on ${dialect} such a row vanishes with its last value: the table has no notNull column.`,
    'declare a column that every row holds as notNull(), or insert with notExists()',
  );
}
