import type { Operation } from './history.ts';
import type { Model } from './model.ts';
import { hasBit, isPlaced, type Node, orderOf, placeAhead, placeNext, placeOptional, start } from './order-node.ts';
import { Passages, type Point } from './passages.ts';
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

class Search<State, Call, Reply> {
  readonly #timeline: Timeline<Call, Reply>;
  readonly #space: StateSpace<State, Call, Reply>;
  readonly #maxSteps: number;
  readonly #tried = new Map<string, bigint[]>();
  readonly #passages = new Passages();
  readonly #effective = new Set<number>();
  #deepest = 0;
  #statesAtDeepest = new Set<number>();

  constructor(timeline: Timeline<Call, Reply>, model: Model<State, Call, Reply>, maxSteps: number) {
    this.#timeline = timeline;
    this.#space = new StateSpace(model, timeline.operations);
    this.#maxSteps = maxSteps;
  }

  run(): Found<State, Call, Reply> {
    if (this.#timeline.levels === 0) return { kind: 'order', order: [], steps: 0 };
    this.#isNew(start);
    const paths = [this.#pass(start)];
    for (let path = paths.at(-1); path !== undefined; path = paths.at(-1)) {
      const { value: node, done } = path.next();
      if (this.#space.steps > this.#maxSteps) return { kind: 'undecided', steps: this.#space.steps };
      if (done === true) paths.pop();
      else if (node.level === this.#timeline.levels)
        return { kind: 'order', order: this.#operationsAt(orderOf(node)), steps: this.#space.steps };
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
      else this.#queue(nodes, placeAhead(node, quiet, node.state));
      if (this.#space.steps > this.#maxSteps) return;
    }
  }

  #queue(nodes: Node[], node: Node): void {
    if (this.#isNew(node)) nodes.push(node);
  }

  /** One that must have a place and leaves every state as it is can as well come first as later: no other need be tried. */
  #quiet(node: Node): number | undefined {
    const { level, state } = node;
    const fits = (index: number): boolean => this.#space.isQuiet(index) && this.#space.after(state, index) !== impossible;
    return fits(level) ? level : this.#timeline.overlapping[level]?.find((other) => !isPlaced(node, other) && fits(other));
  }

  /** What else may come before the operation of this level. */
  *#changes(node: Node): Generator<Node> {
    const { level, state, used } = node;
    const { overlapping, optional, levels } = this.#timeline;
    for (const other of overlapping[level] ?? []) {
      const after = isPlaced(node, other) ? impossible : this.#move(state, other);
      if (after !== impossible) yield placeAhead(node, other, after);
    }
    for (let index = 0; index < (optional[level] ?? 0); index++) {
      const after = hasBit(used, index) ? impossible : this.#move(state, levels + index);
      if (after !== impossible && after !== state) yield placeOptional(node, index, after, levels);
    }
  }

  #move(state: number, operation: number): number {
    const after = this.#space.after(state, operation);
    if (after !== impossible && after !== state) this.#effective.add(operation);
    return after;
  }

  #beyond(node: Node, state: number): Node {
    if (state !== node.state) this.#effective.add(node.level);
    const next = placeNext(node, state);
    this.#passages.add(node.level, next);
    return next;
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

  #operationsAt(indices: Iterable<number>): readonly Operation<Call, Reply>[] {
    return Array.from(indices, (index) => this.#timeline.operations[index] as Operation<Call, Reply>);
  }

  #failure(): SearchFailure<State, Call, Reply> {
    return {
      culprit: this.#timeline.operations[this.#deepest] as Operation<Call, Reply>,
      states: Array.from(this.#statesAtDeepest, (state) => this.#space.state(state)),
      effective: new Set(this.#operationsAt(this.#effective)),
      points: () => this.#passages.points(this.#deepest, this.#timeline, this.#space),
    };
  }
}
