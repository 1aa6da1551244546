import { type ConditionNode, isMutation, type Row, type Statement } from '@onlyif/core';
import { isDeepStrictEqual } from 'node:util';

/** Whether the condition of a write cannot hold any more once the write was applied, as far as its text shows. */
export function falsifiesItself(statement: Statement): boolean {
  if (statement.kind === 'get') return false;
  if (statement.kind === 'insert' || statement.kind === 'delete') return true;
  return statement.if.kind !== 'exists' && denies(statement.set, statement.if);
}

/** Whether the values deny a condition, of an `and` one of its members. */
function denies(set: Row, node: ConditionNode): boolean {
  if (node.kind === 'and') return node.nodes.some((member) => denies(set, member));
  if (!('left' in node) || node.left.kind !== 'column') return false;
  const { name } = node.left;
  const value = set[name];
  if (value === undefined || isMutation(value)) return false;
  if (node.kind === 'isNull') return value !== null;
  return node.kind === 'eq' && node.right.kind === 'value' && !isDeepStrictEqual(node.right.value, value);
}
