import {
  type ColumnDefinition,
  columnsOf,
  type GetStatement,
  type InsertStatement,
  LWTError,
  normalise,
  type Statement,
  type WriteNode,
} from '@onlyif/core';
import { type ClauseSink, compileCondition, type Relation } from './compile-condition.ts';
import type { AnswerPlan, CqlCompiled } from './compiled.ts';
import { encodeList, encodeValue } from './encode-value.ts';
import { changeText, columnList, insertText } from './statement-text.ts';
import type { TableTexts } from './table-texts.ts';

/** `required`: the condition needs a guard beside it. `returned`: the answer needs a `notNull` column to tell an absent row. */
export type Guard = 'required' | 'returned' | 'none';

/** Every write but an insert. */
export type Change = Exclude<WriteNode, InsertStatement>;

/** The most bind markers of one statement in the native protocol. */
const maxParameters = 65_535;
const maxKeyBytes = 65_535;

/** Writes one statement: walks its shape for the text, and collects the parameters in the same order. */
export class StatementWriter implements ClauseSink {
  readonly #texts: TableTexts;
  readonly #values: unknown[] = [];
  readonly #bytes: (Buffer | null)[] = [];
  readonly #columns = new Set<ColumnDefinition>();
  anyColumn: ColumnDefinition;

  constructor(texts: TableTexts) {
    this.#texts = texts;
    this.anyColumn = texts.table.regular[0] as ColumnDefinition;
    texts.shapes.start();
  }

  insert(statement: InsertStatement): CqlCompiled {
    const { table, name, shapes } = this.#texts;
    shapes.step('INSERT');
    this.#bindKey(statement);
    for (const column of table.regular) {
      const value = statement.set[column.name] ?? null;
      if (value === null) continue;
      shapes.step(column);
      this.#bind(column, value);
    }
    const cql = shapes.leaf(([, ...columns]) => insertText(name, [...table.key, ...(columns as ColumnDefinition[])]));
    return this.#compiled(statement, cql, { kind: 'insert', columns: table.all, guard: undefined });
  }

  /** update, replace, upsert and delete. */
  change(statement: Change, guard: Guard): CqlCompiled {
    const { table, name, where, shapes } = this.#texts;
    shapes.step(statement.kind === 'delete' ? 'DELETE' : 'UPDATE');
    if (statement.kind !== 'delete') {
      for (const column of table.regular) {
        const value = statement.set[column.name];
        if (value === undefined) continue;
        shapes.step(column);
        this.#bind(column, value);
      }
    }
    this.#bindKey(statement);
    shapes.step('IF');
    const exists = this.#condition(statement, guard);
    const cql = shapes.leaf((steps) => changeText(name, where, steps));
    const plan = { columns: [...this.#columns], guard: table.notNull.find((column) => this.#columns.has(column)) };
    return this.#compiled(statement, cql, exists ? { kind: 'exists', columns: [], guard: undefined } : { kind: 'condition', ...plan });
  }

  get(statement: GetStatement): CqlCompiled {
    const { table, name, where, shapes } = this.#texts;
    shapes.step('SELECT');
    const columns = statement.columns?.map((column) => table.columns[column] as ColumnDefinition) ?? table.all;
    for (const column of columns) shapes.step(column);
    this.#bindKey(statement);
    const cql = shapes.leaf(([, ...steps]) => `SELECT ${columnList(steps as ColumnDefinition[])} FROM ${name}${where}`);
    return this.#compiled(statement, cql, { kind: 'exists', columns, guard: undefined });
  }

  clause = (column: ColumnDefinition, relation: Relation, value?: unknown): void => {
    this.#texts.shapes.step(column);
    this.#texts.shapes.step(relation);
    this.#columns.add(column);
    if (relation === 'IN ?') {
      this.#values.push(value);
      this.#bytes.push(encodeList(column.type, value as readonly unknown[]));
    } else if (value !== undefined) this.#bind(column, value);
  };

  /** Writes the `IF`; true where it is `IF EXISTS`. */
  #condition({ if: condition, table }: Change, guard: Guard): boolean {
    const normal = condition.kind === 'exists' ? undefined : normalise(condition);
    if (normal === undefined || (normal.kind === 'constant' && normal.value)) {
      this.#texts.shapes.step('EXISTS');
      return true;
    }
    if (condition.kind !== 'exists') this.anyColumn = columnsOf(condition)[0] ?? this.anyColumn;
    compileCondition(normal, this);
    const [column] = table.notNull;
    const returned = table.notNull.some((notNull) => this.#columns.has(notNull));
    if (column !== undefined && (guard === 'required' || (guard === 'returned' && !returned))) this.clause(column, '!= null');
    return false;
  }

  #bindKey({ table, key }: Statement): void {
    for (const column of table.key) {
      const bytes = this.#bind(column, key[column.name]);
      if (bytes !== null && bytes.length > maxKeyBytes) {
        throw new LWTError(
          'limit-exceeded',
          `${table.name}.${column.name}: a key value has at most ${maxKeyBytes} bytes in CQL; this one has ${bytes.length}.`,
        );
      }
    }
  }

  #bind(column: ColumnDefinition, value: unknown): Buffer | null {
    const bytes = value === null ? null : encodeValue(column.type, value);
    this.#values.push(value);
    this.#bytes.push(bytes);
    return bytes;
  }

  #compiled(statement: Statement, cql: string, answer: AnswerPlan): CqlCompiled {
    if (this.#bytes.length > maxParameters) {
      throw new LWTError('limit-exceeded', `The statement has ${this.#bytes.length} parameters; CQL takes at most ${maxParameters}.`);
    }
    return { statement, requests: [{ cql, parameters: this.#values }], notes: notes[answer.kind], cql, bytes: this.#bytes, answer };
  }
}

const notes: { readonly [K in AnswerPlan['kind']]: readonly string[] } = {
  insert: [],
  exists: [],
  condition: ['Where it is not applied, CQL returns the columns of the condition; one strong read completes the row.'],
};
