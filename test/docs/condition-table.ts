import { type AnyTable, defineTable, int, type Statement, text, update } from '@onlyif/core';
import { conditionsOn, type NamedCondition } from '../../packages/testkit/src/operators.ts';
import { sentCondition, verdictTable } from './verdicts.ts';

const columns = { id: text(), guard: text().notNull(), a: int(), b: int(), other: int() };
const numbers = defineTable('items', { columns, partitionKey: ['id'] });
const texts = defineTable('items', { columns: { ...columns, a: text(), b: text() }, partitionKey: ['id'] });

/** What is written in code, and the cases of the conformance suite that run it. */
const constructs: readonly (readonly [construct: string, ...cases: string[]])[] = [
  ['`eq(a, v)`', 'eq', 'not(ne)'],
  ['`ne(a, v)`', 'ne', 'not(eq)', 'and(ne, isNull of another)'],
  ['`lt lte gt gte (a, v)`', 'lt', 'lte', 'gt', 'gte', 'and(gte, lt)'],
  ['`between(a, lo, hi)`', 'between', 'between of one'],
  ['`between` with lo > hi, `oneOf(a, [])`', 'between upside down', 'oneOf of none'],
  ['`oneOf(a, vs)`', 'oneOf', 'not(noneOf)'],
  ['`oneOf(a, [v])`', 'oneOf of one'],
  ['`noneOf(a, vs)`', 'noneOf', 'not(oneOf)'],
  ['`noneOf(a, [])`, `or(isNull(a), isNotNull(a))`', 'noneOf of none', 'or(isNull, isNotNull)'],
  ['`isNull(a)`', 'isNull', 'not(isNotNull)'],
  ['`isNotNull(a)`', 'isNotNull', 'not(isNull)'],
  ['`beginsWith(a, prefix)`', 'beginsWith', 'beginsWith of itself'],
  ["`beginsWith(a, '')`", 'beginsWith nothing'],
  ['`and(p, q)`', 'and(ne, isNotNull)', 'and(isNull, isNotNull)', 'not(or(eq, isNull))'],
  ['a column and itself', 'eq of itself', 'ne of itself', 'lte of itself', 'gt of itself'],
  ['`or(isNull(a), eq(a, v))`, `or(isNull(a), oneOf(a, vs))`', 'or(eq, isNull)'],
  ['any other `or(p, q)`', 'not(and(eq, isNull of another))'],
  ['`not` of an ordering, `between` or `beginsWith`', 'not(lt)', 'not(gte)', 'not(between)', 'not(beginsWith)'],
  [
    'two columns',
    'eq of two columns',
    'ne of two columns',
    'not(eq of two columns)',
    'lt of two columns',
    'gte of two columns',
    'not(lt of two columns)',
  ],
];

/** Every operator of the suite, in an update of a table with a `notNull` column: its verdict, and what is sent. */
export function conditionTable(): string {
  const known = suiteCases();
  const rows = constructs.map(([construct, ...cases]) => ({
    construct,
    statements: cases.map((name) => taken(known, name)),
    test: cases.map((name) => `\`${name}\``).join(', '),
  }));
  if (known.size > 0) throw new Error(`These cases of the suite stand in no row: ${[...known.keys()].join('; ')}.`);
  return verdictTable('condition', rows, sentCondition);
}

function taken(known: Map<string, Statement>, name: string): Statement {
  const statement = known.get(name);
  if (statement === undefined) throw new Error(`The conformance suite has no case ${name}, or it stands in two rows.`);
  known.delete(name);
  return statement;
}

/** An update under each condition that the suite runs, by the name of its case; integers have no prefixes, text has. */
function suiteCases(): Map<string, Statement> {
  return new Map([...casesOn(texts, 'text'), ...casesOn(numbers, 'int')]);
}

function casesOn(table: AnyTable, kind: 'int' | 'text'): readonly (readonly [name: string, statement: Statement])[] {
  const { a, b, other } = table.columns;
  if (a === undefined || b === undefined || other === undefined) throw new Error('A column is missing.');
  return conditionsOn(kind, a, b, other).map(({ name, condition }) => [name, updateIf(table, condition)]);
}

function updateIf(table: AnyTable, condition: NamedCondition['condition']): Statement {
  return update(table, { id: 'x' }, { set: { other: 1 }, if: condition });
}
