import { compareValues } from '../values/column-type.ts';
import { always, comparisonNode, junctionNode, listNode, never, valueNode } from './factories.ts';
import type { ConditionNode, Junction } from './nodes.ts';
import { type Operand, sameOperand } from './operands.ts';
import { sameNode } from './same-node.ts';

/**
 * An `and` or `or` of normal forms, in normal form: flat, without constants and repetitions, with the lists of one
 * operand joined, and folded where two members contradict or complete each other. `written` is what it was made from.
 */
export function gather(kind: Junction['kind'], written: Junction, normal: readonly ConditionNode[]): ConditionNode {
  const [absorbing, neutral] = kind === 'and' ? [never, always] : [always, never];
  const nodes: ConditionNode[] = [];
  for (const part of normal.flatMap((node) => (node.kind === kind ? node.nodes : [node]))) {
    if (part === absorbing) return absorbing;
    if (part === neutral) continue;
    const joined = join(kind, nodes, part);
    if (joined === absorbing) return absorbing;
  }
  const [only] = nodes;
  if (only === undefined) return neutral;
  if (nodes.length === 1) return only;
  if (nodes.some((node, i) => nodes.slice(0, i).some((other) => decides(kind, node, other)))) return absorbing;
  return isUnchanged(written, nodes) ? written : junctionNode(kind, nodes);
}

function isUnchanged({ nodes: before }: Junction, nodes: readonly ConditionNode[]): boolean {
  return before.length === nodes.length && nodes.every((node, i) => node === before[i]);
}

/** Adds a member to those that are there: repeated, it falls away; a list of the same operand, it is joined with it. */
function join(kind: Junction['kind'], nodes: ConditionNode[], part: ConditionNode): ConditionNode | undefined {
  if (nodes.some((other) => sameNode(other, part))) return undefined;
  const list = asList(part);
  const at = list === undefined ? -1 : nodes.findIndex((other) => joinsWith(list, asList(other)));
  if (list === undefined || at === -1) {
    nodes.push(part);
    return undefined;
  }
  const joined = joinLists(kind, asList(nodes[at] as ConditionNode) as ValueList, list);
  nodes[at] = joined;
  return joined;
}

/** `eq` and `oneOf` as the values that they allow, `ne` and `noneOf` as those that they forbid. */
interface ValueList {
  readonly allows: boolean;
  readonly left: Operand;
  readonly values: readonly unknown[];
}

function asList(node: ConditionNode): ValueList | undefined {
  if (node.kind === 'oneOf' || node.kind === 'noneOf') return { allows: node.kind === 'oneOf', left: node.left, values: node.values };
  if ((node.kind !== 'eq' && node.kind !== 'ne') || node.right.kind !== 'value') return undefined;
  return { allows: node.kind === 'eq', left: node.left, values: [node.right.value] };
}

function joinsWith(a: ValueList, b: ValueList | undefined): boolean {
  return b !== undefined && a.allows === b.allows && sameOperand(a.left, b.left);
}

/** `or` of allowed values and `and` of forbidden ones unite; the other two intersect. */
function joinLists(kind: Junction['kind'], a: ValueList, b: ValueList): ConditionNode {
  const isIn = (values: readonly unknown[], value: unknown): boolean =>
    values.some((other) => compareValues(a.left.type, other, value) === 0);
  const unites = (kind === 'or') === a.allows;
  const values = unites
    ? [...a.values, ...b.values.filter((value) => !isIn(a.values, value))]
    : a.values.filter((value) => isIn(b.values, value));
  if (values.length === 0) return a.allows ? never : always;
  if (values.length === 1) return comparisonNode(a.allows ? 'eq' : 'ne', a.left, valueNode(values[0]));
  return listNode(a.allows ? 'oneOf' : 'noneOf', a.left, values);
}

/** Whether two members decide the whole: in an `and` they cannot both hold, in an `or` one of them always does. */
function decides(kind: Junction['kind'], a: ConditionNode, b: ConditionNode): boolean {
  if (isNegation(a, b) || isNegation(b, a)) return true;
  return kind === 'and' ? isNullAndNot(a, b) || isNullAndNot(b, a) || listsExclude(a, b) : listsComplete(a, b);
}

function isNegation(a: ConditionNode, b: ConditionNode): boolean {
  if (a.kind === 'not') return sameNode(a.node, b);
  if (a.kind === 'isNull') return b.kind === 'isNotNull' && sameOperand(a.left, b.left);
  return a.kind === 'eq' && b.kind === 'ne' && a.right.kind !== 'value' && sameNode(a, comparisonNode('eq', b.left, b.right));
}

/** `isNull(c)` beside a condition that holds on no null. */
function isNullAndNot(a: ConditionNode, b: ConditionNode): boolean {
  return a.kind === 'isNull' && falseOnNull.has(b.kind) && 'left' in b && sameOperand(a.left, b.left);
}

const falseOnNull: ReadonlySet<ConditionNode['kind']> = new Set<ConditionNode['kind']>([
  'eq',
  'lt',
  'lte',
  'gt',
  'gte',
  'between',
  'oneOf',
  'beginsWith',
  'contains',
  'containsKey',
]);

/** Every allowed value is forbidden. */
function listsExclude(a: ConditionNode, b: ConditionNode): boolean {
  return allowedWithinForbidden(a, b) || allowedWithinForbidden(b, a);
}

/** Every forbidden value is allowed. */
function listsComplete(a: ConditionNode, b: ConditionNode): boolean {
  return forbiddenWithinAllowed(a, b) || forbiddenWithinAllowed(b, a);
}

function allowedWithinForbidden(a: ConditionNode, b: ConditionNode): boolean {
  const [allowed, forbidden] = [asList(a), asList(b)];
  return allowed?.allows === true && forbidden?.allows === false && isWithin(allowed, forbidden);
}

function forbiddenWithinAllowed(a: ConditionNode, b: ConditionNode): boolean {
  const [forbidden, allowed] = [asList(a), asList(b)];
  return allowed?.allows === true && forbidden?.allows === false && isWithin(forbidden, allowed);
}

function isWithin(a: ValueList, b: ValueList): boolean {
  if (!sameOperand(a.left, b.left)) return false;
  return a.values.every((value) => b.values.some((other) => compareValues(a.left.type, other, value) === 0));
}
