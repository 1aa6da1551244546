import {
  type ColumnDefinition,
  type ColumnType,
  incrementBound,
  increments,
  type LWTError,
  type MutationNode,
  type MutationVisitor,
  visitMutation,
  type WriteNode,
} from '@onlyif/core';
import type { Relation } from './compile-condition.ts';
import type { CqlFeatures, Support } from './compiled.ts';

/** Takes the assignments of a `SET`. */
export interface AssignmentSink {
  readonly features: CqlFeatures;
  /** `c = c + ?`, `c = c - ?` or `c[?] = ?`, of the column that came before. */
  assign(how: '+' | '-' | '[?]', ...parameters: readonly (readonly [type: ColumnType, value: unknown])[]): void;
  cannot(what: string, why: string): LWTError;
}

interface Target {
  readonly column: ColumnDefinition;
  readonly sink: AssignmentSink;
}

/** Writes a mutation as an assignment; throws `unsupported` for what `SET` cannot say exactly. */
export function compileMutation(node: MutationNode, column: ColumnDefinition, sink: AssignmentSink): void {
  visitMutation(compilers, node, { column, sink });
}

const compilers: MutationVisitor<void, Target> = {
  increment: ({ by }, { column, sink }) => {
    const name = `increment of ${column.table}.${column.name}`;
    checkSupport(name, sink.features.arithmetic, sink);
    if (incrementBound(column, by) === undefined)
      throw sink.cannot(name, `has no bound in CQL for ${column.type.kind}, so that a sum of any size would be stored`);
    sink.assign('+', [column.type, by]);
  },
  addToSet: ({ members }, { column, sink }) => sink.assign('+', [column.type, members]),
  removeFromSet: ({ members }, { column, sink }) => sink.assign('-', [column.type, members]),
  append: ({ values }, { column, sink }) => {
    checkSupport(`append to ${column.table}.${column.name}`, sink.features.append, sink);
    sink.assign('+', [column.type, values]);
  },
  prepend: (_node, { column, sink }) => {
    throw sink.cannot(
      `prepend to ${column.table}.${column.name}`,
      'takes its place from the coordinator\'s clock in CQL (CQL reference, "Lists")',
    );
  },
  putEntry: ({ key, value }, { column, sink }) => {
    if (column.type.kind === 'map') sink.assign('[?]', [column.type.key, key], [column.type.value, value]);
  },
  removeEntry: ({ key }, { column, sink }) => {
    if (column.type.kind === 'map') sink.assign('-', [{ kind: 'set', element: column.type.key }, new Set([key])]);
  },
};

function checkSupport(what: string, support: Support, sink: AssignmentSink): void {
  if (support !== true) throw sink.cannot(what, support.why);
}

interface RangeGuard {
  readonly column: ColumnDefinition;
  readonly relation: Relation;
  readonly value: unknown;
}

const unguarded: readonly RangeGuard[] = [];

/** R21: a sum wraps silently on the server. These are the bounds within which sums fit their columns; they hold on no null, and so on no absent row. */
export function rangeGuards(statement: WriteNode): readonly RangeGuard[] {
  const list = increments(statement);
  if (list.length === 0) return unguarded;
  return list.flatMap(({ column, by }) => {
    const limit = incrementBound(column, by);
    return limit === undefined ? [] : [{ column, relation: limit.side === 'atMost' ? '<= ?' : '>= ?', value: limit.bound }];
  });
}
