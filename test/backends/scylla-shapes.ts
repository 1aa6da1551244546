import {
  booleanType,
  type CqlIntercept,
  cqlConsistency,
  cqlNotation,
  type CqlReply,
  type CqlRequest,
  type CqlRows,
  type CqlServerSide,
  decodeRows,
  encodeRows,
  opcodes,
  requestReader,
} from '@onlyif/testkit';

/**
 * For a proxy of Cassandra: the answers to conditional writes of this library in ScyllaDB's shapes, as its manual and tests
 * tell them (docs/kb/lwt-differences.rst, test/cql/lwt_test.result). Always the same columns, in the order of the schema,
 * applied or not: those of the condition, or all under `EXISTS` and `NOT EXISTS`; with the values of the row before the
 * write, null where there was none. It is Cassandra that judges, and no more of ScyllaDB than that is here: not its types,
 * its operators, its errors nor the metadata of its PREPAREs; static columns of an absent row are null.
 *
 * The row before the write is read serially; so that it is the row that was judged, writes go one at a time.
 */
export function scyllaShapes(): CqlIntercept {
  let last: Promise<unknown> = Promise.resolve();
  return (request, server) => {
    if (request.frame.opcode !== opcodes.EXECUTE || !request.conditional || request.cql === undefined) return undefined;
    const written = parseWrite(request.cql);
    const mine = last.then(() => answer(written, request, server));
    last = mine.catch(() => undefined);
    return mine;
  };
}

interface ConditionalWrite {
  readonly table: string;
  /** Undefined of an insert: its row is not there before. */
  readonly where: { readonly text: string; readonly skip: number; readonly values: number } | undefined;
  /** The condition's columns; undefined where they are all. */
  readonly columns: ReadonlySet<string> | undefined;
}

/** The texts of `@onlyif/cql`: names in quotes, values bound. */
function parseWrite(cql: string): ConditionalWrite {
  // A name may hold any word: what is looked for is looked for outside of names.
  const bare = cql.replaceAll(/"(?:[^"]|"")*"/g, (name) => `"${'_'.repeat(name.length - 2)}"`);
  const [, start = ''] = /^(INSERT INTO |UPDATE |DELETE FROM )/.exec(bare) ?? [];
  const [qualified = ''] = /^\S+/.exec(bare.slice(start.length)) ?? [];
  const condition = bare.lastIndexOf(' IF ');
  if (qualified === '' || condition < 0) throw new Error(`no write of this library: ${cql}`);
  const table = cql.slice(start.length, start.length + qualified.length);
  if (start === 'INSERT INTO ') return { table, where: undefined, columns: undefined };
  const where = bare.indexOf(' WHERE ');
  const names = cql.slice(condition).match(/"(?:[^"]|"")*"/g);
  return {
    table,
    where: {
      text: cql.slice(where, condition),
      skip: placeholders(bare.slice(0, where)),
      values: placeholders(bare.slice(where, condition)),
    },
    columns: names === null ? undefined : new Set(names.map((name) => name.slice(1, -1).replaceAll('""', '"'))),
  };
}

function placeholders(text: string): number {
  return text.split('?').length - 1;
}

async function answer(written: ConditionalWrite, request: CqlRequest, server: CqlServerSide): Promise<CqlReply> {
  const before = await rowBefore(written, request, server);
  const reply = await server.forward();
  const judged = decodeRows(reply);
  // An error, or an answer that another proxy's fault has made.
  const columns = before.columns.filter(({ name }) => written.columns?.has(name) ?? true);
  const [first] = columns;
  if (judged?.rows.length !== 1 || first === undefined) return reply;
  const applied = valueOf(judged, '[applied]');
  const old = applied?.[0] === 1 ? before : judged;
  return encodeRows({
    columns: [{ ...first, name: '[applied]', type: booleanType }, ...columns],
    rows: [[applied, ...columns.map(({ name }) => valueOf(old, name))]],
  });
}

function valueOf({ columns, rows }: CqlRows, name: string): Buffer | null {
  return rows[0]?.[columns.findIndex((column) => column.name === name)] ?? null;
}

/** All columns in the order of the schema, with the row or none. */
async function rowBefore({ table, where }: ConditionalWrite, request: CqlRequest, server: CqlServerSide): Promise<CqlRows> {
  const values = where === undefined ? [] : boundValues(request).slice(where.skip, where.skip + where.values);
  const cql = `SELECT * FROM ${table}${where?.text ?? ' LIMIT 1'}`;
  const found = decodeRows(await server.ask(opcodes.QUERY, query(cql, values)));
  if (found === undefined) throw new Error(`no rows: ${cql}`);
  return where === undefined ? { columns: found.columns, rows: [] } : found;
}

/** Native protocol v4, section 4.1.4 and 4.1.6. */
function boundValues({ frame }: CqlRequest): readonly (Buffer | null | undefined)[] {
  const reader = requestReader(frame);
  reader.shortBytes();
  reader.short();
  const hasValues = (reader.byte() & 0x01) !== 0;
  return hasValues ? Array.from({ length: reader.short() }, () => reader.value()) : [];
}

function query(cql: string, values: readonly (Buffer | null | undefined)[]): Buffer {
  // A whole table is no partition, which SERIAL reads one of.
  const level = values.length > 0 ? cqlConsistency.SERIAL : cqlConsistency.ONE;
  return Buffer.concat([
    cqlNotation.longString(cql),
    cqlNotation.short(level),
    cqlNotation.byte(values.length > 0 ? 0x01 : 0),
    ...(values.length > 0 ? [cqlNotation.short(values.length)] : []),
    ...values.map((value) => cqlNotation.value(value)),
  ]);
}
