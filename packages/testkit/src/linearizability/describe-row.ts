import { inspect } from 'node:util';
import { describeCondition, isMutation, type LWTResult, type Row, type Statement } from '@onlyif/core';
import type { ModelWords } from './model.ts';
import type { RowReply } from './row-register.ts';

/** Rows without their keys, which are the same in one history. */
export const rowWords: ModelWords<Row | null, Statement, RowReply> = {
  call: (statement) => {
    if (statement.kind === 'get') return 'get';
    const condition = `if ${describeCondition(statement.if)}`;
    return statement.kind === 'delete' ? `delete ${condition}` : `${statement.kind} ${describeSet(statement.set)} ${condition}`;
  },
  reply: (reply, statement) =>
    reply.kind === 'read' ? `saw ${describeRow(reply.row, statement)}` : describeResult(reply.result, statement),
  state: describeRow,
};

/** The table and the key of a statement, equal for statements on one row. */
export function rowKey({ table, key }: Statement): string {
  return `${table.name} ${inspect(key, { breakLength: Infinity, sorted: true, maxStringLength: null, maxArrayLength: null })}`;
}

function describeResult(result: LWTResult<Row>, statement: Statement): string {
  if (result.applied) return 'applied';
  if (result.source === 'unavailable' || !('existing' in result)) return 'not applied';
  const verb = result.source === 'decision' ? 'saw' : 'afterwards read';
  return `not applied, ${verb} ${describeRow(result.existing ?? null, statement)}`;
}

function describeRow(row: Row | null, { key }: Statement): string {
  if (row === null) return 'no row';
  return inspect(Object.fromEntries(Object.entries(row).filter(([name]) => !(name in key))), { breakLength: Infinity });
}

function describeSet(set: Row): string {
  const cells = Object.entries(set).map(([name, value]) => [name, isMutation(value) ? new Shown(describeMutation(value)) : value]);
  return inspect(Object.fromEntries(cells), { breakLength: Infinity });
}

/** A text that `inspect` shows without quotes. */
class Shown {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  [inspect.custom](): string {
    return this.#text;
  }
}

function describeMutation({ kind, ...operands }: { readonly kind: string }): string {
  const shown = Object.values(operands).map((operand) => inspect(operand, { breakLength: Infinity }));
  return `${kind}(${shown.join(', ')})`;
}
