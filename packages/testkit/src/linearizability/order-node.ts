/** Some operations in an order. */
export interface Node {
  /** All before this level have their places. */
  readonly level: number;
  /** The levels beyond that have theirs: bit 0 is the next. */
  readonly ahead: bigint;
  readonly state: number;
  /** Bits of the optional operations that have a place. */
  readonly used: bigint;
  readonly last: number;
  readonly before: Node | undefined;
}

export const start: Node = { level: 0, ahead: 0n, state: 0, used: 0n, last: -1, before: undefined };

/** With the operation of a later level in place. */
export function placeAhead(node: Node, level: number, state: number): Node {
  return { ...node, ahead: node.ahead | bit(level - node.level - 1), state, last: level, before: node };
}

/** With an optional operation in place. */
export function placeOptional(node: Node, index: number, state: number, levels: number): Node {
  return { ...node, state, used: node.used | bit(index), last: levels + index, before: node };
}

/** With the operation of its level in place: at the next level whose operation has no place. */
export function placeNext(node: Node, state: number): Node {
  let [level, ahead] = [node.level + 1, node.ahead];
  for (; (ahead & 1n) === 1n; ahead >>= 1n) level++;
  return { level, ahead: ahead >> 1n, state, used: node.used, last: node.level, before: node };
}

/** Whether the operation of a level has a place. */
export function isPlaced({ level, ahead }: Node, other: number): boolean {
  return other < level || (other > level && hasBit(ahead, other - level - 1));
}

/** The operations in their order, by their places in the timeline. */
export function orderOf(node: Node): readonly number[] {
  const order: number[] = [];
  for (let at: Node | undefined = node; at?.before !== undefined; at = at.before) order.push(at.last);
  return order.toReversed();
}

function bit(index: number): bigint {
  return 1n << BigInt(index);
}

export function hasBit(bits: bigint, index: number): boolean {
  return ((bits >> BigInt(index)) & 1n) === 1n;
}
