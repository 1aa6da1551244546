import { refuseStatics, Shapes, type TableDefinition, unsupported } from '@onlyif/core';
import type { CqlDialectSettings } from './compiled.ts';
import { qualifiedName, quoteName } from './names.ts';
import type { StatementText, TableNames } from './statement-text.ts';

/** The parts of texts that are the same for all statements on a table. */
export interface TableTexts extends TableNames {
  readonly shapes: Shapes<StatementText>;
}

/** R17: these compare equal where their bytes, and so their partitions, differ (1.0 and 1.00, 0 and −0). */
const unfitForPartitionKey: ReadonlySet<string> = new Set(['decimal', 'float', 'double']);

/** Refuses tables that CQL cannot key exactly, and prepares the names of the others. */
export function tableTexts(settings: CqlDialectSettings, table: TableDefinition): TableTexts {
  refuseStatics(table);
  const unfit = table.partitionKey.find(({ type }) => unfitForPartitionKey.has(type.kind));
  if (unfit !== undefined) {
    throw unsupported(
      `${table.name}.${unfit.name} is ${unfit.type.kind} in the partition key: values that are equal, such as 1.0 and 1.00, are different partitions in CQL.`,
      'use text or an integer type for the partition key',
    );
  }
  const where = table.key.map(({ native }) => `${quoteName(native)} = ?`).join(' AND ');
  return { table, name: qualifiedName(settings, table), where: ` WHERE ${where}`, shapes: new Shapes() };
}
