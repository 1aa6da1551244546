import {
  type ColumnDefinition,
  emulation,
  incrementBound,
  increments,
  isMutation,
  type LWTError,
  type MutationNode,
  type MutationVisitor,
  type Row,
  type TableDefinition,
  unsupported,
  visitMutation,
  type WriteNode,
} from '@onlyif/core';
import { encodeValue } from './encode-value.ts';
import type { ExpressionWriter } from './expression-writer.ts';
import { checkItemSize } from './limits.ts';

type Clause = 'SET' | 'REMOVE' | 'ADD' | 'DELETE';

/** One action of an update expression: its clause, and how it is written. */
interface Action {
  readonly clause: Clause;
  readonly write: (out: ExpressionWriter) => void;
}

/**
 * R6: the update expression of the columns that a statement names; never a Put, which would drop what the definition
 * does not know. SET is written as it comes, the other clauses after it.
 */
export function writeUpdate(table: TableDefinition, set: Row, out: ExpressionWriter): void {
  const later: Action[] = [];
  let separator = 'SET ';
  for (const column of table.regular) {
    const value = set[column.name];
    if (value === undefined) continue;
    if (isEntry(value)) throw refusedEntry(table, set, column);
    const action = actionOf(column, value);
    if (action === undefined) continue;
    if (action !== assigned && action.clause !== 'SET') {
      later.push(action);
      continue;
    }
    out.text(separator);
    separator = ', ';
    if (action === assigned) writeAssignment(column, value, out);
    else action.write(out);
  }
  writeLater(later, separator === 'SET ' ? '' : ' ', out);
  checkItemSize(table, out.values);
}

/** A column that is set to a value. */
const assigned = 'assigned';

function writeAssignment(column: ColumnDefinition, value: unknown, out: ExpressionWriter): void {
  out.name(column);
  out.text(' = ');
  out.value(column, value);
}

function writeLater(actions: readonly Action[], before: string, out: ExpressionWriter): void {
  if (actions.length === 0) return;
  let gap = before;
  for (const clause of ['REMOVE', 'ADD', 'DELETE'] as const) {
    let separator = `${gap}${clause} `;
    for (const action of actions) {
      if (action.clause !== clause) continue;
      out.text(separator);
      action.write(out);
      separator = ', ';
      gap = ' ';
    }
  }
}

/** Undefined where a mutation changes nothing. */
function actionOf(column: ColumnDefinition, value: unknown): Action | typeof assigned | undefined {
  if (value === null) return { clause: 'REMOVE', write: (out) => out.name(column) };
  return isMutation(value) ? visitMutation(mutations, value, column) : assigned;
}

function assignment(column: ColumnDefinition, write: (out: ExpressionWriter) => void): Action {
  return {
    clause: 'SET',
    write: (out) => {
      out.name(column);
      out.text(' = ');
      write(out);
    },
  };
}

/** `list_append` of the list that is there, or of an empty one. */
function writeAppend(column: ColumnDefinition, values: readonly unknown[], side: 'first' | 'last'): Action {
  return assignment(column, (out) => {
    const present = (): void => {
      out.text('if_not_exists(');
      out.name(column);
      out.text(', ');
      out.value(column, []);
      out.text(')');
    };
    const [left, right] = side === 'last' ? [present, () => out.value(column, values)] : [() => out.value(column, values), present];
    out.text('list_append(');
    left();
    out.text(', ');
    right();
    out.text(')');
  });
}

function members(
  clause: 'ADD' | 'DELETE',
): (node: Extract<MutationNode, { members: unknown }>, column: ColumnDefinition) => Action | undefined {
  return (node, column) => {
    if (node.members.size === 0) return undefined;
    const write = (out: ExpressionWriter): void => {
      out.name(column);
      out.text(' ');
      out.value(column, node.members);
    };
    return { clause, write };
  };
}

/**
 * R22: DynamoDB cannot put an entry into a map that is absent, nor remove a map with its last entry. Values that it
 * cannot hold are named first: no emulation helps them, and none should read before it finds out.
 */
function refusedEntry(table: TableDefinition, set: Row, column: ColumnDefinition): LWTError {
  for (const written of table.regular) {
    const value = set[written.name] ?? null;
    const operand = isMutation(value) ? visitMutation(operands, value, undefined) : value;
    if (operand !== null) encodeValue(written, operand);
  }
  return unsupported(
    `${(set[column.name] as MutationNode).kind} of ${column.table}.${column.name}: DynamoDB can neither create a map with its first entry nor remove it with its last.`,
    emulation,
  );
}

function isEntry(value: unknown): boolean {
  return isMutation(value) && (value.kind === 'putEntry' || value.kind === 'removeEntry');
}

/** What a mutation brings, as a value of its column. */
const operands: MutationVisitor<unknown, undefined> = {
  increment: ({ by }) => by,
  addToSet: ({ members: added }) => added,
  removeFromSet: ({ members: removed }) => removed,
  append: ({ values }) => values,
  prepend: ({ values }) => values,
  putEntry: ({ key, value }) => new Map([[key, value]]),
  removeEntry: () => null,
};

/** Refused before any action is written. */
const refused = (): undefined => undefined;

const mutations: MutationVisitor<Action | undefined, ColumnDefinition> = {
  increment: ({ by }, column) =>
    assignment(column, (out) => {
      out.name(column);
      out.text(' + ');
      out.value(column, by);
    }),
  addToSet: members('ADD'),
  removeFromSet: members('DELETE'),
  append: ({ values }, column) => (values.length === 0 ? undefined : writeAppend(column, values, 'last')),
  prepend: ({ values }, column) => (values.length === 0 ? undefined : writeAppend(column, values, 'first')),
  putEntry: refused,
  removeEntry: refused,
};

const unguarded: readonly never[] = [];

/** R21: bounds within which sums fit their columns; a number without one must only be there. */
export function rangeGuards(statement: WriteNode): readonly ((out: ExpressionWriter) => void)[] {
  const list = increments(statement);
  return list.length === 0
    ? unguarded
    : list.map(({ column, by }) => (out) => {
        const limit = incrementBound(column, by);
        if (limit === undefined) return out.call('attribute_exists', column);
        out.operator();
        out.name(column);
        out.text(limit.side === 'atMost' ? ' <= ' : ' >= ');
        out.value(column, limit.bound);
      });
}
