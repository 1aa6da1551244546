import {
  and,
  contains,
  type Condition,
  type ConditionName,
  eq,
  gt,
  gte,
  lt,
  lte,
  ne,
  not,
  oneOf,
  or,
  size,
  type InsertRow,
} from '@onlyif/core';
import { orders } from './boto3-assist-tables.ts';

export type OrderCondition = Condition<'orders', ConditionName<typeof orders>>;
type Columns = Partial<InsertRow<typeof orders>>;

/** A condition expression of the guide, beside what it says of rows. */
export interface Expression {
  /** As the guide writes it. */
  readonly text: string;
  readonly condition: OrderCondition;
  /** Rows on which it holds; columns left out are null. */
  readonly holds: readonly Columns[];
  /** Rows on which it does not. */
  readonly fails: readonly Columns[];
}

const { status, type, deleted, price, age, balance, stock, tags } = orders.columns;

/** The guide's table of comparison operators, in its order. */
export const comparisons: readonly Expression[] = [
  { text: '#status = :active', condition: eq(status, 'active'), holds: [{ status: 'active' }], fails: [{ status: 'pending' }] },
  { text: '#status <> :deleted', condition: ne(status, 'deleted'), holds: [{ status: 'active' }], fails: [{ status: 'deleted' }] },
  { text: 'price < :max_price', condition: lt(price, 100), holds: [{ price: 99 }], fails: [{ price: 100 }] },
  { text: 'age <= :max_age', condition: lte(age, 65), holds: [{ age: 65 }], fails: [{ age: 66 }] },
  { text: 'balance > :min_balance', condition: gt(balance, 10), holds: [{ balance: 11 }], fails: [{ balance: 10 }] },
  { text: 'stock >= :min_stock', condition: gte(stock, 5), holds: [{ stock: 5 }], fails: [{ stock: 4 }] },
];

export const conjunctions: readonly Expression[] = [
  {
    text: '#status = :active AND balance >= :min_balance',
    condition: and(eq(status, 'active'), gte(balance, 10)),
    holds: [{ status: 'active', balance: 10 }],
    fails: [{ status: 'active', balance: 9 }, { status: 'pending', balance: 10 }, { balance: 10 }],
  },
  {
    text: '#status = :pending AND balance >= :amount',
    condition: and(eq(status, 'pending'), gte(balance, 25)),
    holds: [{ status: 'pending', balance: 25 }],
    fails: [{ status: 'pending', balance: 24 }, { status: 'paid', balance: 25 }, { status: 'pending' }],
  },
  // The negation of an equality is `ne`, which CQL has; it holds where the column is null.
  { text: 'NOT #deleted = :true', condition: not(eq(deleted, true)), holds: [{ deleted: false }, {}], fails: [{ deleted: true }] },
];

const eitherType = { holds: [{ type: 'premium' }, { type: 'gold' }], fails: [{ type: 'basic' }, {}] };
const openWithBalance = {
  holds: [
    { status: 'active', balance: 1 },
    { status: 'pending', balance: 1 },
  ],
  fails: [{ status: 'closed', balance: 1 }, { status: 'active', balance: 0 }, { status: 'pending' }],
};

export const disjunctions: readonly Expression[] = [
  { text: '#type = :premium OR #type = :gold', condition: or(eq(type, 'premium'), eq(type, 'gold')), ...eitherType },
  {
    text: '(#status = :active OR #status = :pending) AND balance > :zero',
    condition: and(or(eq(status, 'active'), eq(status, 'pending')), gt(balance, 0)),
    ...openWithBalance,
  },
];

/** The same disjunctions, each over one column, as every backend can say them. */
export const disjunctionsAsLists: readonly Expression[] = [
  { text: '#type IN (:premium, :gold)', condition: oneOf(type, ['premium', 'gold']), ...eitherType },
  {
    text: '#status IN (:active, :pending) AND balance > :zero',
    condition: and(oneOf(status, ['active', 'pending']), gt(balance, 0)),
    ...openWithBalance,
  },
];

export const functions: readonly Expression[] = [
  { text: 'size(tags) > :min_size', condition: gt(size(tags), 0), holds: [{ tags: ['new'] }], fails: [{ tags: [] }, {}] },
  {
    text: 'contains(tags, :tag)',
    condition: contains(tags, 'premium'),
    holds: [{ tags: ['new', 'premium'] }],
    fails: [{ tags: ['new'] }, {}],
  },
];
