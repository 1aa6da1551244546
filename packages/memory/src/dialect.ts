import {
  type Compiled,
  type CompileOptions,
  type Cost,
  describeCondition,
  type Dialect,
  refuseStatics,
  type Row,
  type Statement,
} from '@onlyif/core';

export interface MemoryRequest {
  readonly verb: Statement['kind'];
  readonly table: string;
  readonly key: Row;
  readonly set?: Row;
  readonly if?: string;
}

export interface MemoryDialectOptions {
  readonly tableName?: (name: string) => string;
}

/** The dialect of the memory adapter: everything that can be said is native. */
export function memoryDialect({ tableName = (name) => name }: MemoryDialectOptions = {}): Dialect {
  return {
    name: 'memory',
    capabilities: {
      booleanLogic: true,
      readCloses: false,
      staticColumns: false,
      maxKeyColumns: { partition: Infinity, clustering: Infinity },
    },
    compile: (statement: Statement, _options?: CompileOptions): Compiled => {
      refuseStatics(statement.table);
      return { statement, requests: [describeRequest(statement, tableName(statement.table.native))], notes: [], cost };
    },
  };
}

/** Nothing leaves the process. */
const cost: Cost = Object.freeze({ roundTrips: Object.freeze({ applied: 0, notApplied: 0, rowAbsent: 0 }) });

function describeRequest(statement: Statement, table: string): MemoryRequest {
  const { kind: verb, key } = statement;
  if (statement.kind === 'get') return { verb, table, key };
  const condition = describeCondition(statement.if);
  return statement.kind === 'delete' ? { verb, table, key, if: condition } : { verb, table, key, set: statement.set, if: condition };
}
