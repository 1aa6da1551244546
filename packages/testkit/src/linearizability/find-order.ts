import type { Operation } from './history.ts';
import type { Model } from './model.ts';
import { impossible, StateSpace } from './state-space.ts';
import { type Timeline, timelineOf } from './timeline.ts';

export interface OrderOptions<Call, Reply> {
  /** How many steps of the model may be looked at. */
  readonly maxSteps: number;
  /** Operations that need not have a place, though they returned. */
  readonly forgiven?: ReadonlySet<Operation<Call, Reply>>;
}

export type Found<State, Call, Reply> =
  | { readonly kind: 'order'; readonly order: readonly Operation<Call, Reply>[]; readonly steps: number }
  | { readonly kind: 'none'; readonly failure: SearchFailure<State, Call, Reply>; readonly steps: number }
  | { readonly kind: 'undecided'; readonly steps: number };

/** What a search that tried every order can tell. */
export interface SearchFailure<State, Call, Reply> {
  /** The operation that no order gets past; all that returned before it have an order. */
  readonly culprit: Operation<Call, Reply>;
  /** The states that the object may have been in while the culprit had no place yet. */
  readonly states: readonly State[];
  /** The operations that changed the state in some order. */
  readonly effective: ReadonlySet<Operation<Call, Reply>>;
  /** Points that every order goes through, the latest first; made while they are looked at, for each is as long as the history. */
  readonly points: () => Iterable<Point<State, Call, Reply>>;
}

/** Every order begins with the operations `before` it, in some order, and comes to this state. */
export interface Point<State, Call, Reply> {
  readonly state: State;
  readonly before: ReadonlySet<Operation<Call, Reply>>;
}

/**
 * An order of the operations in which each replied as the model does one after the other, and none comes before one that
 * had returned when it was invoked. Those without a return may be left out.
 *
 * The operations get their places by the order of their returns, as late as can be: before the next one to return come
 * only those that overlap it (Wing & Gong 1993, Lowe 2017). What was tried in vain is remembered by level, overlapping
 * operations that are placed already, and state; having used fewer of the unknown ones is never worse, so a superset
 * of what failed is not tried. The worst case is exponential in the unknown ones that can take effect in the same state.
 */
export function findOrder<State, Call, Reply>(
  operations: readonly Operation<Call, Reply>[],
  model: Model<State, Call, Reply>,
  { maxSteps, forgiven = new Set() }: OrderOptions<Call, Reply>,
): Found<State, Call, Reply> {
  return new Search(timelineOf(operations, forgiven), model, maxSteps).run();
}

/** Some operations in an order. */
interface Node {
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

/** The only node, but for what it used, through which the search went past a level; undefined where there are several. */
interface Passage {
  node: Node | undefined;
  used: bigint;
}

class Search<State, Call, Reply> {
  readonly #timeline: Timeline<Call, Reply>;
  readonly #space: StateSpace<State, Call, Reply>;
  readonly #maxSteps: number;
  readonly #tried = new Map<string, bigint[]>();
  readonly #passages: Passage[] = [];
  readonly #effective = new Set<number>();
  #deepest = 0;
  #statesAtDeepest = new Set<number>();

  constructor(timeline: Timeline<Call, Reply>, model: Model<State, Call, Reply>, maxSteps: number) {
    this.#timeline = timeline;
    this.#space = new StateSpace(model, timeline.operations);
    this.#maxSteps = maxSteps;
  }

  run(): Found<State, Call, Reply> {
    const start: Node = { level: 0, ahead: 0n, state: 0, used: 0n, last: -1, before: undefined };
    if (this.#timeline.levels === 0) return { kind: 'order', order: [], steps: 0 };
    this.#isNew(start);
    const paths = [this.#pass(start)];
    for (let path = paths.at(-1); path !== undefined; path = paths.at(-1)) {
      const { value: node, done } = path.next();
      if (this.#space.steps > this.#maxSteps) return { kind: 'undecided', steps: this.#space.steps };
      if (done === true) paths.pop();
      else if (node.level === this.#timeline.levels) return { kind: 'order', order: this.#orderOf(node), steps: this.#space.steps };
      else if (this.#isNew(node)) paths.push(this.#pass(node));
    }
    return { kind: 'none', failure: this.#failure(), steps: this.#space.steps };
  }

  /** Every way past a level, those with the fewest operations before it first. */
  *#pass(entry: Node): Generator<Node, undefined> {
    const nodes = [entry];
    for (const node of nodes) {
      this.#note(node);
      const quiet = this.#quiet(node);
      if (quiet === undefined) {
        const state = this.#space.after(node.state, node.level);
        if (state !== impossible) yield this.#beyond(node, state);
        for (const next of this.#changes(node)) this.#queue(nodes, next);
      } else if (quiet === node.level) yield this.#beyond(node, node.state);
      else this.#queue(nodes, ahead(node, quiet, node.state));
      if (this.#space.steps > this.#maxSteps) return;
    }
  }

  #queue(nodes: Node[], node: Node): void {
    if (this.#isNew(node)) nodes.push(node);
  }

  /** One that must have a place and leaves the state as it is can as well come first as later: no other need be tried. */
  #quiet({ level, ahead: placed, state }: Node): number | undefined {
    if (this.#space.after(state, level) === state) return level;
    return this.#timeline.overlapping[level]?.find(
      (other) => !hasBit(placed, other - level - 1) && this.#space.after(state, other) === state,
    );
  }

  /** What else may come before the operation of this level. */
  *#changes(node: Node): Generator<Node> {
    const { level, ahead: placed, state, used } = node;
    const { overlapping, optional, levels } = this.#timeline;
    for (const other of overlapping[level] ?? []) {
      const after = hasBit(placed, other - level - 1) ? impossible : this.#move(state, other);
      if (after !== impossible) yield ahead(node, other, after);
    }
    for (let index = 0; index < (optional[level] ?? 0); index++) {
      const after = hasBit(used, index) ? impossible : this.#move(state, levels + index);
      if (after !== impossible && after !== state) {
        yield { ...node, state: after, used: used | bit(index), last: levels + index, before: node };
      }
    }
  }

  #move(state: number, operation: number): number {
    const after = this.#space.after(state, operation);
    if (after !== impossible && after !== state) this.#effective.add(operation);
    return after;
  }

  /** The node after the operation of a level, at the next level whose operation has no place. */
  #beyond(node: Node, state: number): Node {
    if (state !== node.state) this.#effective.add(node.level);
    let [level, placed] = [node.level + 1, node.ahead];
    for (; (placed & 1n) === 1n; placed >>= 1n) level++;
    const next: Node = { level, ahead: placed >> 1n, state, used: node.used, last: node.level, before: node };
    for (let passed = node.level + 1; passed <= level; passed++) this.#goThrough(passed, next);
    return next;
  }

  #goThrough(level: number, node: Node): void {
    const passage = this.#passages[level];
    if (passage === undefined) this.#passages[level] = { node, used: node.used };
    else {
      const { node: other } = passage;
      if (other?.level !== node.level || other.ahead !== node.ahead || other.state !== node.state) passage.node = undefined;
      passage.used &= node.used;
    }
  }

  #isNew({ level, ahead: placed, state, used }: Node): boolean {
    const place = `${level}/${placed.toString(36)}/${state}`;
    const tried = this.#tried.get(place);
    if (tried?.some((less) => (less & used) === less) === true) return false;
    if (tried === undefined) this.#tried.set(place, [used]);
    else tried.push(used);
    return true;
  }

  #note({ level, state }: Node): void {
    if (level > this.#deepest) this.#statesAtDeepest = new Set();
    this.#deepest = Math.max(this.#deepest, level);
    if (level === this.#deepest) this.#statesAtDeepest.add(state);
  }

  #orderOf(node: Node): readonly Operation<Call, Reply>[] {
    const order: number[] = [];
    for (let at: Node | undefined = node; at?.before !== undefined; at = at.before) order.push(at.last);
    return order.toReversed().map((index) => this.#operation(index));
  }

  #failure(): SearchFailure<State, Call, Reply> {
    return {
      culprit: this.#operation(this.#deepest),
      states: [...this.#statesAtDeepest].map((state) => this.#space.state(state)),
      effective: new Set([...this.#effective].map((index) => this.#operation(index))),
      points: () => this.#points(),
    };
  }

  *#points(): Generator<Point<State, Call, Reply>> {
    for (let level = this.#deepest; level > 0; level--) {
      const passage = this.#passages[level];
      if (passage?.node?.level === level) yield this.#point(passage.node, passage.used);
    }
  }

  #point(node: Node, used: bigint): Point<State, Call, Reply> {
    const { operations, levels } = this.#timeline;
    const isBefore = (index: number): boolean => {
      if (index >= levels) return hasBit(used, index - levels);
      return index < node.level || (index > node.level && hasBit(node.ahead, index - node.level - 1));
    };
    return { state: this.#space.state(node.state), before: new Set(operations.filter((_, index) => isBefore(index))) };
  }

  #operation(index: number): Operation<Call, Reply> {
    return this.#timeline.operations[index] as Operation<Call, Reply>;
  }
}

function ahead(node: Node, other: number, state: number): Node {
  return { ...node, ahead: node.ahead | bit(other - node.level - 1), state, last: other, before: node };
}

function bit(index: number): bigint {
  return 1n << BigInt(index);
}

function hasBit(bits: bigint, index: number): boolean {
  return ((bits >> BigInt(index)) & 1n) === 1n;
}
