import type { Operation } from './history.ts';
import { hasBit, isPlaced, type Node } from './order-node.ts';
import type { StateSpace } from './state-space.ts';
import type { Timeline } from './timeline.ts';

/** Every order begins with the operations `before` it, in some order, and comes to this state. */
export interface Point<State, Call, Reply> {
  readonly state: State;
  readonly before: ReadonlySet<Operation<Call, Reply>>;
}

/** The only node, but for what it used, through which a search went past a level; undefined where there are several. */
interface Passage {
  node: Node | undefined;
  /** What all of them used. */
  used: bigint;
}

/** How a search went past each level. */
export class Passages {
  readonly #byLevel: Passage[] = [];

  /** A node that was reached from a level before. */
  add(from: number, node: Node): void {
    for (let level = from + 1; level <= node.level; level++) {
      const passage = this.#byLevel[level];
      if (passage === undefined) this.#byLevel[level] = { node, used: node.used };
      else {
        if (!alike(passage.node, node)) passage.node = undefined;
        passage.used &= node.used;
      }
    }
  }

  /** The points that every order went through up to a level, the latest first. */
  *points<State, Call, Reply>(
    deepest: number,
    { operations, levels }: Timeline<Call, Reply>,
    space: StateSpace<State, Call, Reply>,
  ): Generator<Point<State, Call, Reply>> {
    for (let level = deepest; level > 0; level--) {
      const { node, used = 0n } = this.#byLevel[level] ?? {};
      if (node?.level !== level) continue;
      const isBefore = (index: number): boolean => (index < levels ? isPlaced(node, index) : hasBit(used, index - levels));
      yield { state: space.state(node.state), before: new Set(operations.filter((_, index) => isBefore(index))) };
    }
  }
}

function alike(a: Node | undefined, b: Node): boolean {
  return a?.level === b.level && a.ahead === b.ahead && a.state === b.state;
}
