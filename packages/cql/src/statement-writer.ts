import {
  type ColumnDefinition,
  columnOfOperand,
  columnsOf,
  type ColumnType,
  type CompileOptions,
  type Cost,
  describeCondition,
  type ExistingMode,
  impliesRow,
  isMutation,
  type Operand,
  unsupported,
  type ConditionNode,
  type ExistsNode,
  type GetStatement,
  type InsertStatement,
  LWTError,
  type Statement,
  type TableDefinition,
  type WriteNode,
} from '@onlyif/core';
import { type ClauseSink, compileCondition, type Relation } from './compile-condition.ts';
import { compileMutation, rangeGuards } from './compile-mutation.ts';
import type { AbsentRow, AnswerPlan, CqlCompiled, CqlDialectSettings, CqlFeatures } from './compiled.ts';
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

const emulate = 'emulate: true';
const split =
  'split the statement; or, for emulation, declare a column that every row holds as notNull() or add a condition that only a live row fulfils';

/**
 * R2: emulation pins what it read, and a live row whose columns are all null cannot be pinned in CQL. It needs a
 * `notNull` column, or a condition that only a live row fulfils.
 */
function canEmulate({ table, kind }: Change, condition: NormalCondition): boolean {
  if (table.notNull.length > 0) return true;
  return kind !== 'upsert' && condition.kind !== 'exists' && impliesRow(condition);
}

/** What is stored in a json column need not be the text that we would write, so that only `!= null` pins it. */
function readsJson({ if: condition }: Change): boolean {
  return condition.kind !== 'exists' && columnsOf(condition).some(({ type }) => type.kind === 'json');
}

/** Writes one statement: walks its shape for the text, and collects the parameters in the same order. */
export class StatementWriter implements ClauseSink {
  readonly #texts: TableTexts;
  readonly #values: unknown[] = [];
  readonly #bytes: (Buffer | null)[] = [];
  /** Whether a `notNull` column stands in the `IF`. */
  #guarded = false;
  anyColumn: ColumnDefinition;
  readonly features: CqlFeatures;
  /** What a refusal advises. */
  #alternative = (): string => split;

  readonly #absentRow: AbsentRow;
  readonly #existing: ExistingMode;
  readonly #maxKeyBytes: CqlDialectSettings['maxKeyBytes'];

  constructor(texts: TableTexts, { features, absentRow, maxKeyBytes }: CqlDialectSettings, { existing = 'row' }: CompileOptions) {
    this.#texts = texts;
    this.#absentRow = absentRow;
    this.#maxKeyBytes = maxKeyBytes;
    this.#existing = existing;
    this.features = features;
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
    this.#alternative = () => this.#alternativeTo(statement, condition);
    shapes.step(statement.kind === 'delete' ? 'DELETE' : 'UPDATE');
    if (statement.kind !== 'delete') {
      for (const column of table.regular) {
        const value = statement.set[column.name];
        if (value === undefined) continue;
        shapes.step(column);
        if (isMutation(value)) compileMutation(value, column, this);
        else this.#bind(column, value);
      }
    }
    this.#bindKey(statement);
    shapes.step('IF');
    const ranges = rangeGuards(statement);
    if (condition.kind !== 'exists' && ranges.length > 0) compileCondition(condition, this);
    for (const { column, relation, value } of ranges) this.clause(column, relation, value);
    if (ranges.length > 0)
      return this.#compiled(
        statement,
        shapes.leaf((steps) => changeText(this.#texts, steps)),
      );
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

  clause(operand: Operand, relation: Relation, value?: unknown, type: ColumnType = operand.type): void {
    const column = columnOfOperand(operand);
    this.#guarded ||= column.notNull && operand.kind === 'column';
    const apart = relation === 'IN ?' && !this.features.nullInListParameter && (value as readonly unknown[]).includes(null);
    const text = apart ? `IN (${(value as readonly unknown[]).map(() => '?').join(', ')})` : relation;
    this.#texts.shapes.step(column);
    this.#texts.shapes.step(operand.kind === 'column' ? text : `[?] ${text}`);
    this.#bindElement(operand);
    if (apart)
      for (const member of value as readonly unknown[]) this.#parameter(member, member === null ? null : encodeValue(type, member));
    else if (relation === 'IN ?') this.#parameter(value, encodeList(type, value as readonly unknown[]));
    else if (value !== undefined) this.#parameter(value, encodeValue(type, value));
  }

  /** The key of `m[?]`, or the index of `l[?]`. */
  #bindElement(operand: Operand): void {
    if (operand.kind === 'entry') this.#parameter(operand.key, encodeValue(operand.column.type.key, operand.key));
    else if (operand.kind === 'item') this.#parameter(operand.index, encodeValue({ kind: 'int' }, operand.index));
  }

  assign(how: '+' | '-' | '[?]', ...parameters: readonly (readonly [type: ColumnType, value: unknown])[]): void {
    this.#texts.shapes.step(how);
    for (const [type, value] of parameters) this.#parameter(value, encodeValue(type, value));
  }

  cannot(what: string, why: string): LWTError {
    return unsupported(`${what} ${why}.`, this.#alternative());
  }

  #condition({ if: written, table }: Change, condition: ConditionNode, guardOf: () => Guard): void {
    if (condition.kind === 'constant' && written.kind !== 'exists') this.anyColumn = columnsOf(written)[0] ?? this.anyColumn;
    compileCondition(condition, this);
    // Asked for last: what IF cannot say at all is no question of the guard.
    const guard = guardOf();
    const [column] = table.notNull;
    if (column === undefined) return;
    if (guard === 'required') this.#requireGuard(condition);
    if (guard === 'required' || (guard === 'returned' && !this.#guarded)) this.clause(column, '!= null');
  }

  #requireGuard(condition: ConditionNode): void {
    const { notNull } = this.features;
    if (notNull !== true)
      throw this.cannot(`The condition "${describeCondition(condition)}" also holds on an absent row; its guard`, notNull.why);
  }

  #alternativeTo(statement: Change, condition: NormalCondition): string {
    if (!canEmulate(statement, condition)) return split;
    const { notNull } = this.features;
    return notNull !== true && readsJson(statement) ? notNull.instead : emulate;
  }

  /** R34: where the answer does not tell an absent row from nulls, only a read does. */
  #cost({ kind, guard }: AnswerPlan, reads: boolean): Cost {
    const tells = this.#absentRow === 'left-out' || (this.#absentRow === 'nulls' && guard !== undefined);
    if (kind === 'condition' && !tells && this.#existing !== 'none') return readEitherWay;
    return reads ? completed : oneTrip;
  }

  #bindKey({ table, key }: Statement): void {
    const sizes = { partition: 0, clustering: 0 };
    for (const column of table.key) {
      const size = this.#bind(column, key[column.name])?.length ?? 0;
      sizes[column.role === 'partition' ? 'partition' : 'clustering'] += size;
      if (size > maxKeyBytes) {
        throw new LWTError(
          'limit-exceeded',
          `${table.name}.${column.name}: a key value has at most ${maxKeyBytes} bytes in CQL; this one has ${size}.`,
        );
      }
    }
    for (const part of ['partition', 'clustering'] as const) this.#checkKey(table, part, sizes[part]);
  }

  #checkKey(table: TableDefinition, part: 'partition' | 'clustering', size: number): void {
    if (this.#maxKeyBytes === undefined || size <= this.#maxKeyBytes[part]) return;
    const { [part]: limit, source } = this.#maxKeyBytes;
    throw new LWTError('limit-exceeded', `${table.name}: a ${part} key has at most ${limit} bytes (${source}); this one has ${size}.`);
  }

  #bind(column: ColumnDefinition, value: unknown): Buffer | null {
    const bytes = value === null ? null : encodeValue(column.type, value);
    this.#parameter(value, bytes);
    return bytes;
  }

  #parameter(value: unknown, bytes: Buffer | null): void {
    this.#values.push(value);
    this.#bytes.push(bytes);
  }

  #compiled(statement: Statement, { cql, answer }: StatementText): CqlCompiled {
    if (this.#bytes.length > maxParameters) {
      throw new LWTError('limit-exceeded', `The statement has ${this.#bytes.length} parameters; CQL takes at most ${maxParameters}.`);
    }
    const reads = answer.kind === 'condition' && this.#existing === 'row';
    const notes = reads ? completingRead : noNotes;
    return {
      statement,
      requests: [{ cql, parameters: this.#values }],
      notes,
      cost: this.#cost(answer, reads),
      cql,
      bytes: this.#bytes,
      answer,
    };
  }
}

const oneTrip: Cost = { roundTrips: { applied: 1, notApplied: 1, rowAbsent: 1 } };
const completed: Cost = { roundTrips: { applied: 1, notApplied: 2, rowAbsent: 1 } };
const readEitherWay: Cost = { roundTrips: { applied: 1, notApplied: 2, rowAbsent: 2 } };
const noNotes: readonly string[] = [];
const completingRead: readonly string[] = [
  'Where it is not applied, CQL returns the columns of the condition; one strong read completes the row.',
];
