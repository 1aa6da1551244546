import {
  type CompileOptions,
  describeCondition,
  impliesRow,
  type LWTError,
  normalise,
  type Statement,
  type TableDefinition,
  unsupported,
} from '@onlyif/core';
import type { CqlCompiled, CqlDialectSettings } from './compiled.ts';
import { type Change, type Guard, type NormalCondition, StatementWriter } from './statement-writer.ts';
import { type TableTexts, tableTexts } from './table-texts.ts';

/** Compiles statements to CQL; texts are made once per shape and table. */
export class CqlCompiler {
  readonly #settings: CqlDialectSettings;
  readonly #tables = new WeakMap<TableDefinition, TableTexts>();

  constructor(settings: CqlDialectSettings) {
    this.#settings = settings;
  }

  compile(statement: Statement, options: CompileOptions = {}): CqlCompiled {
    const writer = new StatementWriter(this.#texts(statement.table), this.#settings, options);
    switch (statement.kind) {
      case 'insert':
        return writer.insert(statement);
      case 'get':
        return writer.get(statement);
      case 'update':
      case 'replace':
      case 'upsert':
      case 'delete': {
        const condition = statement.if.kind === 'exists' ? statement.if : normalise(statement.if);
        return writer.change(statement, condition, () => this.#guard(statement, condition, options));
      }
    }
  }

  /** R1, R2: a condition that may hold on an absent row needs `<notNull column> != null` beside it, but for an upsert. */
  #guard(statement: Change, condition: NormalCondition, { existing }: CompileOptions): Guard {
    const { name, absentRow } = this.#settings;
    if (condition.kind !== 'exists' && condition.kind !== 'constant' && !impliesRow(condition)) {
      if (statement.table.notNull.length === 0) throw statement.kind === 'upsert' ? unmarked(name, statement) : unguarded(name, statement);
      return statement.kind === 'upsert' ? 'none' : 'required';
    }
    return absentRow === 'nulls' && existing !== 'none' ? 'returned' : 'none';
  }

  #texts(table: TableDefinition): TableTexts {
    let texts = this.#tables.get(table);
    if (texts === undefined) this.#tables.set(table, (texts = tableTexts(this.#settings, table)));
    return texts;
  }
}

function unguarded(dialect: string, { table, if: condition }: Change): LWTError {
  return unsupported(
    `The condition "${describeCondition(condition)}" also holds on an absent row, which ${dialect} would create, and no column of ${table.name} proves that the row is there (IF EXISTS cannot stand beside a condition).`,
    'declare a column that every row holds as notNull(), or add a condition that only a live row fulfils, such as eq or isNotNull',
  );
}

/** R3: without a `notNull` column a row born by UPDATE vanishes with its last value. */
function unmarked(dialect: string, { table }: Change): LWTError {
  return unsupported(
    `An upsert of ${table.name} may create the row by UPDATE, and on ${dialect} such a row vanishes with its last value: the table has no notNull column.`,
    'declare a column that every row holds as notNull(), or insert with notExists()',
  );
}
