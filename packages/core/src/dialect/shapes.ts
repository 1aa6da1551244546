/** One step of a shape: a fragment of text, or an object such as a column that stands for its name. */
export type ShapeStep = string | object;

interface ShapeNode<Leaf> {
  readonly parent: ShapeNode<Leaf> | undefined;
  readonly step: ShapeStep;
  readonly next: Map<ShapeStep, ShapeNode<Leaf>>;
  leaf: Leaf | undefined;
}

function shapeNode<Leaf>(parent: ShapeNode<Leaf> | undefined, step: ShapeStep): ShapeNode<Leaf> {
  return { parent, step, next: new Map(), leaf: undefined };
}

/** More shapes than this of one table, and its cache begins anew. */
const maxNodes = 20_000;

/**
 * Request texts by the shape of the statement. A compiler walks the shape step by step, and the text is made once,
 * from those very steps; so text and cache key cannot disagree.
 */
export class Shapes<Leaf> {
  #root: ShapeNode<Leaf> = shapeNode<Leaf>(undefined, '');
  #node = this.#root;
  #size = 0;

  /** Begins a shape. Walks do not nest. */
  start(): void {
    if (this.#size > maxNodes) {
      this.#root = shapeNode(undefined, '');
      this.#size = 0;
    }
    this.#node = this.#root;
  }

  step(step: ShapeStep): void {
    let next = this.#node.next.get(step);
    if (next === undefined) {
      next = shapeNode(this.#node, step);
      this.#node.next.set(step, next);
      this.#size++;
    }
    this.#node = next;
  }

  /** The product of the shape that was walked; `make` gets all its steps the first time. */
  leaf(make: (steps: readonly ShapeStep[]) => Leaf): Leaf {
    return (this.#node.leaf ??= make(stepsTo(this.#node)));
  }
}

function stepsTo(node: ShapeNode<unknown>): readonly ShapeStep[] {
  const steps: ShapeStep[] = [];
  for (let at = node; at.parent !== undefined; at = at.parent) steps.push(at.step);
  return steps.toReversed();
}
