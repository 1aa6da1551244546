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

function compareKeyOrder(found: readonly DescribedColumn[], wanted: readonly DescribedColumn[]): readonly string[] {
  const names = (columns: readonly DescribedColumn[]): string =>
    columns
      .filter(isKey)
      .map((column) => column.name)
      .join(', ');
  const sameColumns = names(found).split(', ').toSorted().join(', ') === names(wanted).split(', ').toSorted().join(', ');
  if (!sameColumns || names(found) === names(wanted)) return [];
  return [`The key is (${names(found)}), and is defined as (${names(wanted)}).`];
}
