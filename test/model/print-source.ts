import {
  type AnyTable,
  type ColumnDefinition,
  type ColumnType,
  type ConditionNode,
  type ConditionVisitor,
  isCollection,
  isMutation,
  type MutationNode,
  type MutationVisitor,
  type Operand,
  visit,
  visitMutation,
  type WriteNode,
} from '@onlyif/core';

/** A value as TypeScript writes it. */
export function printValue(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (value instanceof Uint8Array) return `Uint8Array.from([${[...value].join(', ')}])`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof Set) return `new Set(${printValue([...(value as ReadonlySet<unknown>)])})`;
  if (value instanceof Map) return `new Map(${printValue([...(value as ReadonlyMap<unknown, unknown>)])})`;
  if (Array.isArray(value)) return `[${value.map(printValue).join(', ')}]`;
  return typeof value === 'object' && value !== null ? printRecord(value, printValue) : JSON.stringify(value);
}

function printRecord(record: object, print: (value: unknown) => string): string {
  const fields = Object.entries(record).map(([name, value]) => `${/^\w+$/.test(name) ? name : JSON.stringify(name)}: ${print(value)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

/** The definition of a table, as the variable `table`. */
export function printTable({ name, all, partitionKey, clusteringKey }: AnyTable): string {
  const columns = all.map((column) => `    ${column.name}: ${printType(column.type)}${column.notNull ? '.notNull()' : ''},\n`);
  const names = (key: readonly ColumnDefinition[]): string => printValue(key.map((column) => column.name));
  const clustering = clusteringKey.length === 0 ? '' : `  clusteringKey: ${names(clusteringKey)},\n`;
  return `const table = defineTable(${printValue(name)}, {\n  columns: {\n${columns.join('')}  },\n  partitionKey: ${names(partitionKey)},\n${clustering}});`;
}

function printType(type: ColumnType): string {
  if (!isCollection(type)) return `${type.kind}()`;
  return type.kind === 'map' ? `map(${type.key.kind}(), ${type.value.kind}())` : `${type.kind}(${type.element.kind}())`;
}

/** The call that builds a statement on `table`. */
export function printStatement(statement: WriteNode): string {
  const { kind, key } = statement;
  const test = `if: ${printIf(statement.if)}`;
  const { set } = kind === 'delete' ? { set: {} } : statement;
  switch (kind) {
    case 'insert':
    case 'replace':
      return `${kind}(table, ${printRecord({ ...key, ...set }, printCell)}, { ${test} })`;
    case 'update':
    case 'upsert':
      return `${kind}(table, ${printRecord(key, printValue)}, { set: ${printRecord(set, printCell)}, ${test} })`;
    case 'delete':
      return `deleteRow(table, ${printRecord(key, printValue)}, { ${test} })`;
  }
}

function printCell(value: unknown): string {
  return isMutation(value) ? visitMutation(mutations, value, undefined) : printValue(value);
}

/** A call of a builder. */
function call(kind: MutationNode['kind'], ...values: readonly unknown[]): string {
  return `${kind}(${values.map(printValue).join(', ')})`;
}

const mutations: MutationVisitor<string, undefined> = {
  increment: ({ kind, by }) => call(kind, by),
  addToSet: ({ kind, members }) => call(kind, ...members),
  removeFromSet: ({ kind, members }) => call(kind, ...members),
  append: ({ kind, values }) => call(kind, ...values),
  prepend: ({ kind, values }) => call(kind, ...values),
  putEntry: ({ kind, key, value }) => call(kind, key, value),
  removeEntry: ({ kind, key }) => call(kind, key),
};

function printIf(condition: WriteNode['if']): string {
  return condition.kind === 'exists' || condition.kind === 'notExists' ? `${condition.kind}()` : visit(conditions, condition, undefined);
}

export function printOperand(operand: Operand): string {
  if (operand.kind === 'column') return `table.columns.${operand.name}`;
  const column = printOperand(operand.column);
  switch (operand.kind) {
    case 'size':
      return `size(${column})`;
    case 'entry':
      return `entry(${column}, ${printValue(operand.key)})`;
    case 'item':
      return `item(${column}, ${operand.index})`;
  }
}

type Comparison = Extract<ConditionNode, { readonly right: unknown }>;

function comparison({ kind, left, right }: Comparison): string {
  return `${kind}(${printOperand(left)}, ${right.kind === 'value' ? printValue(right.value) : printOperand(right)})`;
}

function ofOperand(kind: string, left: Operand, ...values: readonly unknown[]): string {
  return `${kind}(${[printOperand(left), ...values.map(printValue)].join(', ')})`;
}

function junction({ kind, nodes }: Extract<ConditionNode, { readonly nodes: unknown }>): string {
  return `${kind}(${nodes.map((node) => visit(conditions, node, undefined)).join(', ')})`;
}

const conditions: ConditionVisitor<string, undefined> = {
  eq: comparison,
  ne: comparison,
  lt: comparison,
  lte: comparison,
  gt: comparison,
  gte: comparison,
  between: ({ kind, left, low, high }) => ofOperand(kind, left, low, high),
  oneOf: ({ kind, left, values }) => ofOperand(kind, left, values),
  noneOf: ({ kind, left, values }) => ofOperand(kind, left, values),
  beginsWith: ({ kind, left, prefix }) => ofOperand(kind, left, prefix),
  contains: ({ kind, left, value }) => ofOperand(kind, left, value),
  containsKey: ({ kind, left, key }) => ofOperand(kind, left, key),
  isNull: ({ kind, left }) => ofOperand(kind, left),
  isNotNull: ({ kind, left }) => ofOperand(kind, left),
  and: junction,
  or: junction,
  not: ({ node }) => `not(${visit(conditions, node, undefined)})`,
  // Only normal forms hold constants, and no builder makes one.
  constant: ({ value }) => String(value),
};

export interface PrintedStep {
  readonly statement: WriteNode;
  readonly existing: string;
  readonly emulate: boolean;
}

/** Code that runs the steps one after the other on a client `db`. */
export function printSequence(table: AnyTable, steps: readonly PrintedStep[]): string {
  const lines = steps.map(({ statement, existing, emulate }) => {
    const options = printValue({ existing, ...(emulate ? { emulate } : {}) });
    return `await db.execute(${printStatement(statement)}, ${options});\n`;
  });
  return `${printTable(table)}\nawait db.createTable(table);\n${lines.join('')}`;
}
