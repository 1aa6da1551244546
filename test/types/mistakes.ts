/**
 * Every mistake that the compiler must catch. A line below `@ts-expect-error` that compiles is an error of its own,
 * so this file fails to build as soon as one slips through.
 */
import {
  and,
  beginsWith,
  between,
  bigint,
  blob,
  boolean,
  createClient,
  defineTable,
  deleteRow,
  eq,
  exists,
  get,
  gt,
  insert,
  int,
  isNull,
  json,
  keyOf,
  lt,
  ne,
  not,
  notExists,
  oneOf,
  or,
  replace,
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

const o = orders.columns;
const u = users.columns;
const key = { tenant: 't', id: '123e4567-e89b-42d3-a456-426614174000' as OrderId };
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

// Results.
const statement = update(orders, key, { set: { total: 1 }, if: and(eq(o.status, 'open'), isNull(o.note)) });
export async function results(): Promise<void> {
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
