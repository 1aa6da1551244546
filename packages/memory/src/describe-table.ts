import { type DescribedColumn, describeType, type TableDefinition, type TableDescription } from '@onlyif/core';

/** The table as it was created, beside the definition that a statement brings. */
export function describeTable(created: TableDefinition, wanted: TableDefinition): TableDescription {
  return { found: columns(created), wanted: columns(wanted), problems: [] };
}

function columns(table: TableDefinition): readonly DescribedColumn[] {
  return table.all.map(({ native, type, role }) => ({ name: native, type: describeType(type), role }));
}
