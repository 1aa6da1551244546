/**
 * Every mistake that the compiler must catch. A line below `@ts-expect-error` that compiles is an error of its own,
 * so this file fails to build as soon as one slips through.
 */
import {
  addToSet,
  and,
  append,
  beginsWith,
  between,
  bigint,
  blob,
  boolean,
  contains,
  containsKey,
  createClient,
  decimal,
  defineTable,
  deleteRow,
  double,
  entry,
  eq,
  exists,
  get,
  gt,
  increment,
  insert,
  int,
  isNull,
  item,
  json,
  keyOf,
  list,
  lt,
  map,
  ne,
  not,
  notExists,
  oneOf,
  or,
  parse,
  prepend,
  putEntry,
  rejectedBy,
  removeEntry,
  removeFromSet,
  replace,
  serialize,
  set,
  size,
  smallint,
  text,
  timestamp,
  update,
  upsert,
  uuid,
} from '@onlyif/core';
import { memory } from '@onlyif/memory';

type OrderId = string & { readonly brand: 'order' };
const orders = defineTable('orders', {
  columns: {
    tenant: text(),
    id: uuid<OrderId>(),
    status: text<'open' | 'paid' | 'shipped'>().notNull(),
    note: text(),
    total: int(),
    small: smallint(),
    other: int(),
    version: bigint().notNull(),
    paid: boolean(),
    at: timestamp(),
    raw: blob(),
    doc: json<{ lines: number[] }>(),
  },
  partitionKey: ['tenant'],
  clusteringKey: ['id'],
});
const users = defineTable('users', { columns: { email: text(), name: text(), status: text() }, partitionKey: ['email'] });
const byFunction = defineTable('by_function', {
  columns: (t) => ({ id: t.text(), at: t.date(), n: t.int().notNull() }),
  partitionKey: ['id'],
});
const carts = defineTable('carts', {
  columns: {
    id: text(),
    mark: text().notNull(),
    note: text(),
    n: int(),
    big: bigint(),
    price: decimal(),
    ratio: double(),
    raw: blob(),
    tags: set(text<'new' | 'sale'>()),
    seen: set(timestamp()),
    steps: list(text()),
    counts: list(int()),
    limits: map(text(), int()),
    names: map(int(), text()),
    doc: json<{ a: number }>(),
  },
  partitionKey: ['id'],
});

const o = orders.columns;
const k = carts.columns;
const u = users.columns;
const key = { tenant: 't', id: '123e4567-e89b-42d3-a456-426614174000' as OrderId };
const id = { id: 'x' };
const row = { ...key, status: 'open', version: 1n } as const;
const db = createClient(memory());

// Unknown columns.
// @ts-expect-error no such column
eq(o.nope, 1);
// @ts-expect-error no such column in set
update(orders, key, { set: { nope: 1 }, if: exists() });
// @ts-expect-error no such column in the record
update(orders, key, { set: { total: 1 }, if: { nope: 1 } });
// @ts-expect-error no such column beside a right one
update(orders, key, { set: { total: 1 }, if: { total: 1, nope: 1 } });
// @ts-expect-error no such column in the row
insert(orders, { ...row, nope: 1 }, { if: notExists() });
// @ts-expect-error no such column to read
get(orders, key, { columns: ['nope'] });
// @ts-expect-error a key names a column
defineTable('x', { columns: { id: text() }, partitionKey: ['ident'] });
// @ts-expect-error a clustering key names a column
defineTable('x', { columns: { id: text() }, partitionKey: ['id'], clusteringKey: ['other'] });

// Wrong operand types.
// @ts-expect-error text against number
eq(o.note, 1);
// @ts-expect-error number against text
eq(o.total, '1');
// @ts-expect-error bigint against number
eq(o.version, 1);
// @ts-expect-error number against bigint
eq(o.total, 1n);
// @ts-expect-error not a member of the narrowed type
eq(o.status, 'closed');
// @ts-expect-error not a member of the narrowed type in a list
oneOf(o.status, ['open', 'closed']);
// @ts-expect-error a plain string is not an OrderId
keyOf(orders, { tenant: 't', id: 'x' });
// @ts-expect-error a date is a Date
lt(o.at, '2025-01-01');
// @ts-expect-error bytes are a Uint8Array
eq(o.raw, 'x');
// @ts-expect-error a boolean
eq(o.paid, 'true');
// @ts-expect-error a bound of another type
between(o.total, 1, '2');
// @ts-expect-error a value of another type in set
update(orders, key, { set: { total: '1' }, if: exists() });
// @ts-expect-error a value of another type in the record
update(orders, key, { set: { total: 1 }, if: { total: '1' } });
// @ts-expect-error a value of another type in a row
insert(orders, { ...row, total: '1' }, { if: notExists() });
// @ts-expect-error a json value of another shape
update(orders, key, { set: { doc: { lines: ['1'] } }, if: exists() });

// Operators that the type does not have.
// @ts-expect-error a number has no prefix
beginsWith(o.total, '1');
// @ts-expect-error a boolean has no order
lt(o.paid, true);
// @ts-expect-error a UUID has no order
gt(o.id, key.id);
// @ts-expect-error json has no equality
eq(o.doc, { lines: [] });
// @ts-expect-error json has no equality in a record
update(orders, key, { set: { total: 1 }, if: { doc: null } });
// @ts-expect-error json has no list
oneOf(o.doc, []);
// A json column has its null tests.
update(orders, key, { set: { total: 1 }, if: isNull(o.doc) });

// Columns of different types.
// @ts-expect-error int and text
eq(o.total, o.note);
// @ts-expect-error int and smallint
eq(o.total, o.small);
// @ts-expect-error columns of two tables
eq(o.note, u.name);

// undefined and null.
// @ts-expect-error undefined operand
eq(o.note, undefined);
// @ts-expect-error null operand: isNull
eq(o.note, null);
// @ts-expect-error null operand: isNotNull
ne(o.note, null);
// @ts-expect-error null in a list
oneOf(o.note, [null]);
// @ts-expect-error undefined in set
update(orders, key, { set: { note: undefined }, if: exists() });
// @ts-expect-error undefined in a record
update(orders, key, { set: { note: 'x' }, if: { note: undefined } });
// @ts-expect-error undefined in a row
insert(orders, { ...row, note: undefined }, { if: notExists() });
// @ts-expect-error null for a notNull column in set
update(orders, key, { set: { status: null }, if: exists() });
// @ts-expect-error null for a notNull column in a row
insert(orders, { ...row, version: null }, { if: notExists() });
// @ts-expect-error null for a notNull column in replace
replace(orders, { ...row, status: null }, { if: exists() });
// @ts-expect-error null for a notNull column in upsert
upsert(orders, key, { set: { status: null, version: 1n }, if: isNull(o.status) });

// No condition.
// @ts-expect-error no options
update(orders, key);
// @ts-expect-error no if
update(orders, key, { set: { total: 1 } });
// @ts-expect-error no if
deleteRow(orders, key, {});
// @ts-expect-error no if
insert(orders, row);
// @ts-expect-error no if
void db.upsert(orders, key, { set: { status: 'open', version: 1n } });

// Keys.
// @ts-expect-error a missing key column
update(orders, { tenant: 't' }, { set: { total: 1 }, if: exists() });
// @ts-expect-error a key with something more
get(orders, { ...key, total: 1 });
// @ts-expect-error setting a key column
update(orders, key, { set: { tenant: 'x' }, if: exists() });
// @ts-expect-error a key column in a record
update(orders, key, { set: { total: 1 }, if: { tenant: 't' } });
// @ts-expect-error a null key
deleteRow(orders, { tenant: null, id: key.id }, { if: exists() });
// @ts-expect-error a row without its clustering key
insert(orders, { tenant: 't', status: 'open', version: 1n }, { if: notExists() });

// Existence in the wrong place.
// @ts-expect-error exists() inside insert
insert(orders, row, { if: exists() });
// @ts-expect-error a condition inside insert
insert(orders, row, { if: eq(o.total, 1) });
// @ts-expect-error notExists() inside update
update(orders, key, { set: { total: 1 }, if: notExists() });
// @ts-expect-error exists() inside upsert
upsert(orders, key, { set: { status: 'open', version: 1n }, if: exists() });
// @ts-expect-error exists() inside and()
and(exists(), eq(o.total, 1));
// @ts-expect-error exists() inside not()
not(exists());

// Another table's columns.
// @ts-expect-error in a condition
update(orders, key, { set: { total: 1 }, if: eq(u.name, 'x') });
// @ts-expect-error inside and()
update(orders, key, { set: { total: 1 }, if: and(eq(o.total, 1), eq(u.name, 'x')) });
// @ts-expect-error inside or() inside not()
deleteRow(orders, key, { if: not(or(eq(u.name, 'x'), isNull(u.status))) });
// @ts-expect-error of a column name that both tables have
update(orders, key, { set: { total: 1 }, if: eq(u.status, 'open') });

// notNull columns that are missing.
// @ts-expect-error an insert without a notNull column
insert(orders, { ...key, status: 'open' }, { if: notExists() });
// @ts-expect-error a replace without a notNull column
replace(orders, { ...key, version: 1n }, { if: exists() });
// @ts-expect-error an upsert without its notNull columns
upsert(orders, key, { set: { status: 'open' }, if: isNull(o.status) });

// Declarations.
// @ts-expect-error notNull and static
text().notNull().static();
// @ts-expect-error notNull twice
text().notNull().notNull();

// @ts-expect-error a list of lists
list(list(text()));
// @ts-expect-error a set of maps
set(map(text(), text()));
// @ts-expect-error a map of sets
map(text(), set(text()));
// @ts-expect-error a map with a list for a key
map(list(text()), text());
// @ts-expect-error a list of json
list(json());
// @ts-expect-error a set that is notNull: an empty one is null
set(text()).notNull();
// @ts-expect-error a list that is notNull
list(text()).notNull();
// @ts-expect-error a map that is notNull
map(text(), int()).notNull();
// @ts-expect-error a member that is notNull
set(text().notNull());

// Collections and their elements in conditions.
// @ts-expect-error size of a number
size(k.n);
// @ts-expect-error size of text
size(k.note);
// @ts-expect-error size of json
size(k.doc);
// @ts-expect-error size of a size
size(size(k.tags));
// @ts-expect-error a size is a number
eq(size(k.tags), '2');
// @ts-expect-error a size and a column of another type
eq(size(k.tags), k.big);
// @ts-expect-error a list has no key
containsKey(k.steps, 'x');
// @ts-expect-error a set has no key
containsKey(k.tags, 'new');
// @ts-expect-error a key of another type
containsKey(k.limits, 1);
// @ts-expect-error a member of another type in a list
contains(k.counts, '1');
// @ts-expect-error a member of another type in a set
contains(k.seen, '2025-01-01');
// @ts-expect-error not a member of the narrowed type
contains(k.tags, 'old');
// @ts-expect-error a map has keys, not members
contains(k.limits, 'x');
// @ts-expect-error text has no members
contains(k.note, 'x');
// @ts-expect-error null is no member
contains(k.steps, null);
// @ts-expect-error a key of another type
entry(k.limits, 1);
// @ts-expect-error a key of another type
entry(k.names, 'x');
// @ts-expect-error a list has items
entry(k.steps, 'x');
// @ts-expect-error the value under the key is a number
eq(entry(k.limits, 'daily'), '10');
// @ts-expect-error the value under the key is text
lt(entry(k.names, 1), 10);
// @ts-expect-error an entry and a column of another type
eq(entry(k.limits, 'daily'), k.note);
// @ts-expect-error a map has entries
item(k.limits, 0);
// @ts-expect-error a set has no order
item(k.tags, 0);
// @ts-expect-error an index is a number
item(k.steps, '0');
// @ts-expect-error the element is text
eq(item(k.steps, 0), 1);
// @ts-expect-error a collection has no order
lt(k.steps, ['a']);
// @ts-expect-error a set is no array
eq(k.tags, ['new']);
// @ts-expect-error a list is no set
eq(k.steps, new Set(['a']));
// @ts-expect-error a map is no object
eq(k.limits, { daily: 1 });
// @ts-expect-error members of another type
eq(k.counts, ['1']);
// @ts-expect-error a list has no prefix
beginsWith(k.steps, 'a');
// @ts-expect-error an entry of another table
update(orders, key, { set: { total: 1 }, if: eq(entry(k.limits, 'daily'), 1) });

// Mutations of columns of another type.
// @ts-expect-error increment of text
update(carts, id, { set: { note: increment(1) }, if: exists() });
// @ts-expect-error increment of a double
update(carts, id, { set: { ratio: increment(1) }, if: exists() });
// @ts-expect-error increment of a set
update(carts, id, { set: { tags: increment(1) }, if: exists() });
// @ts-expect-error increment of json
update(carts, id, { set: { doc: increment(1) }, if: exists() });
// @ts-expect-error a bigint is incremented by a bigint
update(carts, id, { set: { big: increment(1) }, if: exists() });
// @ts-expect-error a number is incremented by a number
update(carts, id, { set: { n: increment(1n) }, if: exists() });
// @ts-expect-error a decimal is incremented by a decimal as text
update(carts, id, { set: { price: increment(1) }, if: exists() });
// @ts-expect-error addToSet of a list
update(carts, id, { set: { steps: addToSet('a') }, if: exists() });
// @ts-expect-error removeFromSet of text
update(carts, id, { set: { note: removeFromSet('a') }, if: exists() });
// @ts-expect-error a member of another type
update(carts, id, { set: { tags: addToSet(1) }, if: exists() });
// @ts-expect-error not a member of the narrowed type
update(carts, id, { set: { tags: addToSet('old') }, if: exists() });
// @ts-expect-error a member of another type to remove
update(carts, id, { set: { seen: removeFromSet('2025-01-01') }, if: exists() });
// @ts-expect-error append to a set
update(carts, id, { set: { tags: append('new') }, if: exists() });
// @ts-expect-error prepend to text
update(carts, id, { set: { note: prepend('a') }, if: exists() });
// @ts-expect-error an element of another type
update(carts, id, { set: { counts: append('1') }, if: exists() });
// @ts-expect-error an element of another type before the others
update(carts, id, { set: { steps: prepend(1) }, if: exists() });
// @ts-expect-error putEntry of a list
update(carts, id, { set: { steps: putEntry('a', 'b') }, if: exists() });
// @ts-expect-error a value of another type
update(carts, id, { set: { limits: putEntry('daily', '1') }, if: exists() });
// @ts-expect-error a key of another type
update(carts, id, { set: { limits: putEntry(1, 1) }, if: exists() });
// @ts-expect-error null under a key
update(carts, id, { set: { limits: putEntry('daily', null) }, if: exists() });
// @ts-expect-error a key of another type to remove
update(carts, id, { set: { limits: removeEntry(1) }, if: exists() });
// @ts-expect-error removeEntry of a set
update(carts, id, { set: { tags: removeEntry('new') }, if: exists() });
// @ts-expect-error a mutation in an insert
insert(carts, { ...id, mark: 'm', n: increment(1) }, { if: notExists() });
// @ts-expect-error a mutation in a replace
replace(carts, { ...id, mark: 'm', tags: addToSet('new') }, { if: exists() });
// @ts-expect-error a mutation in a key
deleteRow(carts, { id: append('a') }, { if: exists() });
// @ts-expect-error a mutation in a record of equalities
update(carts, id, { set: { n: 1 }, if: { tags: addToSet('new') } });
// @ts-expect-error a mutation in a condition
eq(k.tags, addToSet('new'));

// All of these are right.
export const elements = update(carts, id, {
  set: {
    n: increment(-1),
    big: increment(1n),
    price: increment('0.10'),
    tags: addToSet('new', 'sale'),
    seen: removeFromSet(new Date(0)),
    steps: append('a', 'b'),
    counts: prepend(1),
    limits: putEntry('daily', 10),
    names: removeEntry(1),
    doc: { a: 1 },
  },
  if: and(
    gt(size(k.tags), 2),
    eq(size(k.raw), k.n),
    contains(k.tags, 'new'),
    contains(k.steps, 'a'),
    containsKey(k.names, 1),
    eq(entry(k.limits, 'daily'), 10),
    lt(entry(k.limits, 'daily'), k.n),
    eq(k.note, entry(k.names, 1)),
    oneOf(item(k.steps, 0), ['a', 'b']),
    eq(item(k.counts, 1), entry(k.limits, 'daily')),
    isNull(item(k.steps, 9)),
    beginsWith(item(k.steps, 0), 'a'),
    eq(k.tags, new Set(['new'] as const)),
    ne(k.steps, ['a']),
    eq(k.limits, new Map([['daily', 1]])),
  ),
});
upsert(carts, id, { set: { mark: 'm', tags: addToSet('new'), n: null }, if: isNull(k.mark) });
insert(carts, { ...id, mark: 'm', tags: new Set(['new'] as const), limits: new Map([['daily', 1]]) }, { if: notExists() });

// Rejected clauses, and texts.
// @ts-expect-error a read has no condition
rejectedBy(get(carts, id), null);
// @ts-expect-error another table's row
rejectedBy(deleteRow(carts, id, { if: eq(k.n, 1) }), { email: 'x', name: null, status: null });
// @ts-expect-error a row without the column of the condition
rejectedBy(deleteRow(carts, id, { if: eq(k.n, 1) }), { id: 'x' });
rejectedBy(deleteRow(carts, id, { if: eq(k.n, 1) }), { id: 'x', n: 2 });
// @ts-expect-error a column is no condition
serialize(k.n);
// @ts-expect-error a mutation is no statement
serialize(increment(1));
// @ts-expect-error tables, not their names
parse('', ['carts']);
// @ts-expect-error a list of tables
parse('', carts);
const parsed = parse(serialize(eq(k.n, 1)), [carts]);
if (parsed.kind === 'eq') {
  update(carts, id, { set: { n: 1 }, if: parsed });
  // @ts-expect-error a condition of another table
  update(orders, key, { set: { total: 1 }, if: parsed });
}

// Results.
const statement = update(orders, key, { set: { total: 1 }, if: and(eq(o.status, 'open'), isNull(o.note)) });
export async function results(): Promise<void> {
  const removed = await db.delete(carts, id, { if: eq(k.n, 1) }, { existing: 'condition' });
  if (!removed.applied) rejectedBy(deleteRow(carts, id, { if: eq(k.n, 1) }), removed.existing);
  const whole = await db.execute(statement);
  if (!whole.applied) {
    whole.existing?.version satisfies bigint | undefined;
    whole.existing?.note satisfies string | null | undefined;
    // @ts-expect-error no such column in the row
    void whole.existing?.nope;
  }
  const some = await db.execute(statement, { existing: 'condition' });
  if (!some.applied) {
    some.existing?.status satisfies 'open' | 'paid' | 'shipped' | undefined;
    some.existing?.tenant satisfies string | undefined;
    // @ts-expect-error not a column of the condition
    void some.existing?.total;
  }
  const record = await db.update(orders, key, { set: { total: 1 }, if: { other: 1 } }, { existing: 'condition' });
  if (!record.applied) {
    record.existing?.other satisfies number | null | undefined;
    // @ts-expect-error not a column of the record
    void record.existing?.total;
  }
  const none = await db.execute(statement, { existing: 'none' });
  // @ts-expect-error there is no such property
  if (!none.applied) void none.existing;
  const quiet = createClient(memory(), { existing: 'none' });
  const byDefault = await quiet.update(orders, key, { set: { total: 1 }, if: exists() });
  // @ts-expect-error the client's default shows in the type
  if (!byDefault.applied) void byDefault.existing;
  const read = await db.get(orders, key, { columns: ['total', 'status'] });
  read?.total satisfies number | null | undefined;
  // @ts-expect-error not among the columns asked for
  void read?.note;
  const made = await db.get(byFunction, { id: 'x' });
  made?.n satisfies number | undefined;
  // @ts-expect-error a number is not a string
  made?.n satisfies string | undefined;
}

// The write token is the library's alone.
const tokened = defineTable('tokened', {
  columns: { id: text(), n: int(), token: text(), version: text() },
  partitionKey: ['id'],
  writeToken: 'token',
  version: 'version',
});
update(tokened, { id: 'x' }, { set: { n: 1 }, if: { token: 'before', version: 'v' } });
// @ts-expect-error
update(tokened, { id: 'x' }, { set: { token: 'mine' }, if: exists() });
// @ts-expect-error
insert(tokened, { id: 'x', token: 'mine' }, { if: notExists() });
// @ts-expect-error
upsert(tokened, { id: 'x' }, { set: { token: 'mine' }, if: isNull(tokened.columns.n) });
// @ts-expect-error
replace(tokened, { id: 'x', token: 'mine' }, { if: exists() });
// @ts-expect-error
defineTable('tokened', { columns: { id: text() }, partitionKey: ['id'], writeToken: 'nosuch' });
// @ts-expect-error
defineTable('tokened', { columns: { id: text() }, partitionKey: ['id'], version: 'nosuch' });
