import { LWTError } from '../errors.ts';
import type { ConditionNode, Junction, NotNode } from './nodes.ts';

/** DynamoDB's limit on nesting, and more than anyone can read. */
const maxDepth = 32;

/** Throws where so many `and`, `or` and `not` stand one inside the other. */
export function checkDepth(depth: number): void {
  if (depth > maxDepth) throw new LWTError('limit-exceeded', `A condition nests at most ${maxDepth} levels deep.`);
}

const depths = new WeakMap<ConditionNode, number>();

function isCompound(node: ConditionNode): node is Junction | NotNode {
  return node.kind === 'and' || node.kind === 'or' || node.kind === 'not';
}

/** How many `and`, `or` and `not` stand one inside the other; kept only where there is more than one. */
function depthOf(node: ConditionNode): number {
  if (!isCompound(node)) return 0;
  const known = depths.get(node);
  if (known !== undefined) return known;
  let below = 0;
  for (const member of node.kind === 'not' ? [node.node] : node.nodes) below = Math.max(below, depthOf(member));
  if (below > 0) depths.set(node, below + 1);
  return below + 1;
}

export function limitDepth<N extends ConditionNode>(node: N): N {
  checkDepth(depthOf(node));
  return node;
}
