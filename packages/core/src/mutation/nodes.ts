/** Marks a mutation, so that it is not taken for a value. */
export const mutationBrand: unique symbol = Symbol.for('onlyif.mutation') as never;

interface Branded {
  readonly [mutationBrand]: true;
}

/** Adds to a number; not applied where the column is null, and `invalid-value` where the sum leaves its range. */
export interface IncrementNode extends Branded {
  readonly kind: 'increment';
  readonly by: unknown;
}
export interface AddToSetNode extends Branded {
  readonly kind: 'addToSet';
  readonly members: ReadonlySet<unknown>;
}
export interface RemoveFromSetNode extends Branded {
  readonly kind: 'removeFromSet';
  readonly members: ReadonlySet<unknown>;
}
export interface AppendNode extends Branded {
  readonly kind: 'append';
  readonly values: readonly unknown[];
}
export interface PrependNode extends Branded {
  readonly kind: 'prepend';
  readonly values: readonly unknown[];
}
export interface PutEntryNode extends Branded {
  readonly kind: 'putEntry';
  readonly key: unknown;
  readonly value: unknown;
}
export interface RemoveEntryNode extends Branded {
  readonly kind: 'removeEntry';
  readonly key: unknown;
}

/** A change that depends on the value that is there. Collections come to be where they are null, and become null when they empty. */
export type MutationNode = IncrementNode | AddToSetNode | RemoveFromSetNode | AppendNode | PrependNode | PutEntryNode | RemoveEntryNode;

export function isMutation(value: unknown): value is MutationNode {
  return typeof value === 'object' && value !== null && mutationBrand in value;
}

/** One function a kind: a new kind does not build until every table of this type has placed it. */
export type MutationVisitor<Result, Context> = {
  readonly [K in MutationNode['kind']]: (node: Extract<MutationNode, { readonly kind: K }>, context: Context) => Result;
};

export function visitMutation<Result, Context>(visitor: MutationVisitor<Result, Context>, node: MutationNode, context: Context): Result {
  return visitor[node.kind](node as never, context);
}
