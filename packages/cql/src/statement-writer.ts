import {
  type ColumnDefinition,
  columnsOf,
  type ConditionNode,
  type ExistsNode,
  type GetStatement,
  type InsertStatement,
  LWTError,
  type Statement,
  type WriteNode,
} from '@onlyif/core';
import { type ClauseSink, compileCondition, type Relation } from './compile-condition.ts';
import type { AnswerPlan, CqlCompiled } from './compiled.ts';
import { encodeList, encodeValue } from './encode-value.ts';
import { changeText, insertText, selectText, type StatementText } from './statement-text.ts';
import type { TableTexts } from './table-texts.ts';

/** `required`: the condition needs a guard beside it. `returned`: the answer needs a `notNull` column to tell an absent row. */
export type Guard = 'required' | 'returned' | 'none';

/** Every write but an insert. */
export type Change = Exclude<WriteNode, InsertStatement>;

/** The normal form of a condition, or `exists()`. */
export type NormalCondition = ConditionNode | ExistsNode;

/** The most bind markers of one statement in the native protocol. */
const maxParameters = 65_535;
const maxKeyBytes = 65_535;

/** Writes one statement: walks its shape for the text, and collects the parameters in the same order. */
export class StatementWriter implements ClauseSink {
  readonly #texts: TableTexts;
  readonly #values: unknown[] = [];
  readonly #bytes: (Buffer | null)[] = [];
  /** Whether a `notNull` column stands in the `IF`. */
  #guarded = false;
  anyColumn: ColumnDefinition;

  constructor(texts: TableTexts) {
    this.#texts = texts;
    this.anyColumn = texts.table.regular[0] as ColumnDefinition;
    texts.shapes.start();
  }

  insert(statement: InsertStatement): CqlCompiled {
    const { table, shapes } = this.#texts;
    shapes.step('INSERT');
    this.#bindKey(statement);
    for (const column of table.regular) {
      const value = statement.set[column.name] ?? null;
      if (value === null) continue;
      shapes.step(column);
      this.#bind(column, value);
    }
    const text = shapes.leaf(([, ...columns]) => insertText(this.#texts, columns as ColumnDefinition[]));
    return this.#compiled(statement, text);
  }

  /** update, replace, upsert and delete. */
  change(statement: Change, condition: NormalCondition, guardOf: () => Guard): CqlCompiled {
    const { table, shapes } = this.#texts;
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
    if (condition.kind === 'exists' || (condition.kind === 'constant' && condition.value)) shapes.step('EXISTS');
    else this.#condition(statement, condition, guardOf);
    return this.#compiled(
      statement,
      shapes.leaf((steps) => changeText(this.#texts, steps)),
    );
  }

  get(statement: GetStatement): CqlCompiled {
    const { table, shapes } = this.#texts;
    shapes.step('SELECT');
    const columns = statement.columns?.map((column) => table.columns[column] as ColumnDefinition) ?? table.all;
    for (const column of columns) shapes.step(column);
    this.#bindKey(statement);
    const text = shapes.leaf(([, ...steps]) => selectText(this.#texts, steps as ColumnDefinition[]));
    return this.#compiled(statement, text);
  }

  clause(column: ColumnDefinition, relation: Relation, value?: unknown): void {
    this.#texts.shapes.step(column);
    this.#texts.shapes.step(relation);
    this.#guarded ||= column.notNull;
    if (relation === 'IN ?') {
      this.#values.push(value);
      this.#bytes.push(encodeList(column.type, value as readonly unknown[]));
    } else if (value !== undefined) this.#bind(column, value);
  }

  #condition({ if: written, table }: Change, condition: ConditionNode, guardOf: () => Guard): void {
    if (condition.kind === 'constant' && written.kind !== 'exists') this.anyColumn = columnsOf(written)[0] ?? this.anyColumn;
    compileCondition(condition, this);
    // Asked for last: what IF cannot say at all is no question of the guard.
    const guard = guardOf();
    const [column] = table.notNull;
    if (column !== undefined && (guard === 'required' || (guard === 'returned' && !this.#guarded))) this.clause(column, '!= null');
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

  #compiled(statement: Statement, { cql, answer }: StatementText): CqlCompiled {
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
