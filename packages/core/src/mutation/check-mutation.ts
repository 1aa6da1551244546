import { invalidStatement, LWTError } from '../errors.ts';
import type { ColumnDefinition } from '../table/definition.ts';
import { checkAs, checkValue } from '../values/check-value.ts';
import { type ColumnType, describeType } from '../values/column-type.ts';
import { type MutationNode, mutationBrand, type MutationVisitor, visitMutation } from './nodes.ts';

/** The mutation with canonical values; throws where the column's type does not have it. */
export function checkMutation(column: ColumnDefinition, node: MutationNode): MutationNode {
  return visitMutation(checks, node, column);
}

function made(fields: object): MutationNode {
  return Object.freeze({ [mutationBrand]: true, ...fields }) as MutationNode;
}

/** R21: DynamoDB adds doubles as decimals, and IEEE sums differ. */
const incrementable: ReadonlySet<ColumnType['kind']> = new Set<ColumnType['kind']>([
  'int',
  'smallint',
  'tinyint',
  'bigint',
  'varint',
  'decimal',
]);

function wrongType(column: ColumnDefinition, kind: MutationNode['kind'], wanted: string): LWTError {
  return invalidStatement(`${kind}: ${column.table}.${column.name} is ${describeType(column.type)}, and ${kind} is for ${wanted}.`);
}

function memberSet(column: ColumnDefinition, members: unknown, kind: 'addToSet' | 'removeFromSet'): MutationNode {
  if (column.type.kind !== 'set') throw wrongType(column, kind, 'sets');
  return made({ kind, members: checkValue(column, new Set(members as Iterable<unknown>)) });
}

function listValues(column: ColumnDefinition, values: readonly unknown[], kind: 'append' | 'prepend'): MutationNode {
  if (column.type.kind !== 'list') throw wrongType(column, kind, 'lists');
  return made({ kind, values: checkValue(column, [...values]) });
}

const checks: MutationVisitor<MutationNode, ColumnDefinition> = {
  increment: ({ by }, column) => {
    if (!incrementable.has(column.type.kind)) throw wrongType(column, 'increment', 'integers and decimals');
    if (by === null) throw new LWTError('invalid-value', `increment: ${column.table}.${column.name} cannot be increased by null.`);
    return made({ kind: 'increment', by: checkValue(column, by) });
  },
  addToSet: ({ members }, column) => memberSet(column, members, 'addToSet'),
  removeFromSet: ({ members }, column) => memberSet(column, members, 'removeFromSet'),
  append: ({ values }, column) => listValues(column, values, 'append'),
  prepend: ({ values }, column) => listValues(column, values, 'prepend'),
  putEntry: ({ key, value }, column) => {
    if (column.type.kind !== 'map') throw wrongType(column, 'putEntry', 'maps');
    const entry = checkValue(column, new Map([[key, value]])) as ReadonlyMap<unknown, unknown>;
    const [[canonicalKey, canonicalValue] = []] = entry;
    return made({ kind: 'putEntry', key: canonicalKey, value: canonicalValue });
  },
  removeEntry: ({ key }, column) => {
    if (column.type.kind !== 'map') throw wrongType(column, 'removeEntry', 'maps');
    if (key === null) throw new LWTError('invalid-value', `removeEntry: ${column.table}.${column.name} has no key null.`);
    return made({ kind: 'removeEntry', key: checkAs(column, column.type.key, key) });
  },
};
