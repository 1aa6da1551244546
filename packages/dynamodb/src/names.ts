import { describeType, type TableDefinition, unsupported } from '@onlyif/core';
import { attributeType, scalarAttribute } from './attribute-value.ts';

export interface NameOptions {
  /** Names per environment: the name of a table in DynamoDB, from its name in the definition. */
  readonly tableName?: (name: string) => string;
}

const tablePattern = /^[\w.-]{3,255}$/;
const maxKeyName = 255;

/** The table's name in DynamoDB; throws `unsupported` for one that it cannot hold. */
export function tableNameIn({ tableName = (name) => name }: NameOptions, table: TableDefinition): string {
  const name = tableName(table.native);
  if (tablePattern.test(name)) return name;
  throw unsupported(
    `A table cannot be named ${JSON.stringify(name)} in DynamoDB: table names are 3 to 255 letters, digits, underscores, dots and dashes.`,
    `defineTable(${JSON.stringify(table.name)}, { named: … })`,
  );
}

/** Refuses tables whose key DynamoDB cannot hold. */
export function checkKeySchema(table: TableDefinition): void {
  if (table.partitionKey.length > 1 || table.clusteringKey.length > 1) {
    throw unsupported(
      `${table.name} has several partition or clustering columns, which are not supported on DynamoDB yet: its key is one HASH and one RANGE attribute.`,
      'join them in one text column',
    );
  }
  for (const column of table.key) {
    if (attributeType(column.type) === 'BOOL')
      throw unsupported(
        `${table.name}.${column.name} is boolean, and a key attribute of DynamoDB is a string, a number or bytes.`,
        'use text or an integer',
      );
    if (Buffer.byteLength(column.native) > maxKeyName)
      throw unsupported(
        `${table.name}.${column.name}: the name of a key attribute has at most ${maxKeyName} bytes.`,
        'shorten it with .named()',
      );
  }
}

/** R19: what the types of DynamoDB's collections cannot be. */
export function checkCollections(table: TableDefinition): void {
  for (const { name, type } of table.regular) {
    if (type.kind === 'set' && scalarAttribute(type.element) === 'BOOL') {
      throw unsupported(
        `${table.name}.${name} is ${describeType(type)}, and DynamoDB has no set of booleans.`,
        'use a list, or two columns',
      );
    }
    if (type.kind === 'map' && scalarAttribute(type.key) !== 'S') {
      throw unsupported(`${table.name}.${name} is ${describeType(type)}, and the keys of a DynamoDB map are text.`, 'use text keys');
    }
  }
}
