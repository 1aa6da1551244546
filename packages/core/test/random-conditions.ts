import { and, type ColumnDefinition, type Condition, nodeOf, type ConditionNode, not, or, type Row } from '@onlyif/core';
import * as build from '@onlyif/core';
import * as fc from 'fast-check';
import { sample } from './sample-table.ts';

type AnyCondition = Condition<string, string>;
type Operator = (column: ColumnDefinition, ...operands: unknown[]) => AnyCondition;

/** The builders without the types of one table: the generator draws columns and values together. */
const untyped = build as unknown as { readonly [name: string]: Operator };

/** Few values a column, so that they meet. */
const domains: { readonly [name: string]: readonly unknown[] } = {
  n: [-1, 0, 1, 2],
  m: [-1, 0, 1, 2],
  s: ['', 'a', 'ab', '\uff5e', '\u{1f600}', 'b'],
  r: ['', 'a', 'ab', '\uff5e', '\u{1f600}', 'b'],
  d: ['-0.5', '0', '1', '10'],
  e: ['-0.5', '0', '1', '10'],
  b: [[], [0], [0, 255], [128]].map((bytes) => Uint8Array.from(bytes)),
  at: [0, 1, 1000].map((time) => new Date(time)),
  flag: [true, false],
  u: ['123e4567-e89b-42d3-a456-426614174000', '00000000-0000-0000-0000-000000000000'],
};
const partners: { readonly [name: string]: string } = { n: 'm', m: 'n', s: 'r', r: 's', d: 'e', e: 'd' };
const withOrder = ['n', 'm', 's', 'r', 'd', 'e', 'b', 'at'];
const withPrefix = ['s', 'r', 'b'];

const columns = sample.columns as unknown as { readonly [name: string]: ColumnDefinition };
const columnAt = (name: string): ColumnDefinition => found(columns[name]);
const operator = (name: string): Operator => found(untyped[name]);
function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('no such name');
  return value;
}

const nameOf = (names: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...names);
const valueOf = (name: string): fc.Arbitrary<unknown> => fc.constantFrom(...(domains[name] ?? []));

const equality = nameOf(Object.keys(domains)).chain((name) =>
  fc.tuple(nameOf(['eq', 'ne']), valueOf(name)).map(([kind, value]) => operator(kind)(columnAt(name), value)),
);
const ordering = nameOf(withOrder).chain((name) =>
  fc.tuple(nameOf(['lt', 'lte', 'gt', 'gte']), valueOf(name)).map(([kind, value]) => operator(kind)(columnAt(name), value)),
);
/** Also of a column and itself. */
const pair = nameOf(Object.keys(partners)).chain((name) =>
  fc
    .tuple(nameOf(['eq', 'ne', 'lt', 'lte', 'gt', 'gte']), nameOf([name, partners[name] ?? name]))
    .map(([kind, other]) => operator(kind)(columnAt(name), columnAt(other))),
);
const range = nameOf(withOrder).chain((name) =>
  fc.tuple(valueOf(name), valueOf(name)).map(([low, high]) => operator('between')(columnAt(name), low, high)),
);
const membership = nameOf(Object.keys(domains)).chain((name) =>
  fc
    .tuple(nameOf(['oneOf', 'noneOf']), fc.array(valueOf(name), { maxLength: 3 }))
    .map(([kind, values]) => operator(kind)(columnAt(name), values)),
);
const prefix = nameOf(withPrefix).chain((name) => valueOf(name).map((value) => operator('beginsWith')(columnAt(name), value)));
const nullTest = fc
  .tuple(nameOf(['isNull', 'isNotNull']), nameOf([...Object.keys(domains), 'doc']))
  .map(([kind, name]) => operator(kind)(columnAt(name)));

const { tree } = fc.letrec<{ tree: AnyCondition; leaf: AnyCondition }>((tie) => ({
  leaf: fc.oneof(equality, ordering, pair, range, membership, prefix, nullTest),
  tree: fc.oneof(
    { maxDepth: 8, depthSize: 'large' },
    { weight: 2, arbitrary: tie('leaf') },
    { weight: 2, arbitrary: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }).map((nodes) => and(...nodes)) },
    { weight: 2, arbitrary: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }).map((nodes) => or(...nodes)) },
    { weight: 2, arbitrary: tie('tree').map((node) => not(node)) },
  ),
}));

/** Any condition that the builders can make on the table `sample`. */
export const anyCondition: fc.Arbitrary<ConditionNode> = tree.map((condition) => nodeOf(condition));

/** A live row of `sample`, whose every column may be null but `mark`. */
export const anyRow: fc.Arbitrary<Row> = fc.record(
  Object.fromEntries(
    Object.keys(domains)
      .map((name): [string, fc.Arbitrary<unknown>] => [name, fc.option(valueOf(name), { nil: null })])
      .concat([
        ['id', fc.constant('x')],
        ['doc', fc.constantFrom<unknown>(null, {}, [1])],
        ['mark', fc.constant('m')],
      ]),
  ),
);
