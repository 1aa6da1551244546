import { type ScanFinding, type TableAdministration, type TableDefinition, type TableDescription, unsupported } from '@onlyif/core';
import type { CqlTables } from '@onlyif/cql';

/** Inspects tables of one keyspace; the service makes and drops them in its own time, which is left to its own tools. */
export class KeyspacesTables implements TableAdministration {
  readonly #tables: CqlTables;

  constructor(tables: CqlTables) {
    this.#tables = tables;
  }

  async create(table: TableDefinition): Promise<void> {
    throw notHere('created', table);
  }

  async drop(table: TableDefinition): Promise<void> {
    throw notHere('dropped', table);
  }

  describe(table: TableDefinition): Promise<TableDescription | null> {
    return this.#tables.describe(table);
  }

  scan(table: TableDefinition): AsyncIterable<ScanFinding> {
    return this.#tables.scan(table);
  }
}

function notHere(done: string, { name }: TableDefinition): Error {
  return unsupported(
    `${name} is not ${done} from here: Amazon Keyspaces does so after it has answered, and waiting for that is not supported yet.`,
    'the console, CloudFormation or Terraform; ddl(table) is the text of CREATE TABLE for the CQL editor',
  );
}
