import type { DescribedColumn, TableDescription } from '../adapter.ts';

/** What is wrong with a live table, in whole sentences; empty where it fits its definition. */
export function compareTable({ found, wanted, problems }: TableDescription): readonly string[] {
  const live = new Map(found.map((column) => [column.name, column]));
  const declared = new Set(wanted.map((column) => column.name));
  return [
    ...wanted.flatMap((column) => compareColumn(column, live.get(column.name))),
    ...found
      .filter((column) => isKey(column) && !declared.has(column.name))
      .map(({ name, role }) => `The ${role} key column ${name} is not in the definition.`),
    ...compareKeyOrder(found, wanted),
    ...problems,
  ];
}

function isKey({ role }: DescribedColumn): boolean {
  return role === 'partition' || role === 'clustering';
}

function compareColumn(wanted: DescribedColumn, found: DescribedColumn | undefined): readonly string[] {
  if (found === undefined) return [`The column ${wanted.name} (${wanted.type}) is missing.`];
  const problems: string[] = [];
  if (found.type !== wanted.type) problems.push(`The column ${wanted.name} is ${found.type}, and is defined as ${wanted.type}.`);
  if (found.role !== wanted.role)
    problems.push(`The column ${wanted.name} is a ${found.role} column, and is defined as a ${wanted.role} column.`);
  return problems;
}

/** The names of the key columns, in the order of the key. */
function keyNames(columns: readonly DescribedColumn[]): readonly string[] {
  return [...columns.filter(({ role }) => role === 'partition'), ...columns.filter(({ role }) => role === 'clustering')].map(
    ({ name }) => name,
  );
}

function compareKeyOrder(found: readonly DescribedColumn[], wanted: readonly DescribedColumn[]): readonly string[] {
  const [live, declared] = [keyNames(found), keyNames(wanted)];
  const sameColumns = live.length === declared.length && live.every((name) => declared.includes(name));
  if (!sameColumns || live.every((name, i) => name === declared[i])) return [];
  return [`The key is (${live.join(', ')}), and is defined as (${declared.join(', ')}).`];
}
