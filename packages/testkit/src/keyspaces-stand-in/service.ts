import { opcodes } from '../proxy/cql-frames.ts';
import { cqlErrors, type CqlReply, replyReader, resultKinds } from '../proxy/cql-reply.ts';
import { type CqlConnection, type CqlRequest, requestReader } from '../proxy/cql-request.ts';
import { type CqlRows, decodeRows, encodeRows } from '../proxy/cql-rows.ts';
import type { CqlServerSide } from '../proxy/cql-session.ts';
import { Handshakes, type Identity } from './authenticate.ts';
import { type Execution, executionsOf } from './bound-values.ts';
import { type CqlStatement, parseStatement } from './cql-statement.ts';
import { cqlTokens, isSymbol, splitOutside } from './cql-tokens.ts';
import { Definer } from './definer.ts';
import { type Definition, translateDefinition } from './definitions.ts';
import { showLocal, showPeers } from './node-tables.ts';
import { ownText } from './own-text.ts';
import { refuseStatement, smallestKeyQuota, type UndocumentedConstructs } from './refusals.ts';
import { withText } from './request-text.ts';
import type { ResourceName, Resources, TableFeature } from './resources.ts';
import { columnsOf, schemaVersion } from './server-questions.ts';
import { serviceKeyspace, serviceSelect } from './service-tables.ts';

/** What a stand-in's service is made of. */
export interface ServiceOptions {
  readonly identity: Identity;
  readonly resources: Resources;
  readonly allow: UndocumentedConstructs;
  readonly replicationFactor: number;
  readonly peers: () => readonly string[];
}

type TableName = Required<ResourceName>;

/** Answers requests as Keyspaces does, with Cassandra doing the work behind. */
export class KeyspacesService {
  readonly #options: ServiceOptions;
  readonly #handshakes: Handshakes;
  readonly #definer: Definer;
  readonly #keyspaces = new WeakMap<CqlConnection, string>();
  readonly #prepared = new Map<string, readonly CqlStatement[]>();

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#handshakes = new Handshakes(options.identity);
    this.#definer = new Definer(options.resources);
  }

  async answer(request: CqlRequest, server: CqlServerSide): Promise<CqlReply> {
    const handshake = await this.#handshakes.answer(request, server);
    if (handshake !== undefined) return handshake;
    if (request.cql === undefined) return unknownStatement(request) ?? server.forward();
    const statements = this.#parse(request.frame.opcode, request.cql);
    await this.#definer.settle(server);
    const executions = executionsOf(request, statements.length);
    for (const [i, statement] of statements.entries()) {
      const refusal = await this.#refuse(statement, executions[i], request, server);
      if (refusal !== undefined) return cqlErrors.invalid(refusal);
    }
    const [statement] = statements;
    return statements.length === 1 && statement !== undefined ? this.#run(statement, request, server) : server.forward();
  }

  #parse(opcode: number, cql: string): readonly CqlStatement[] {
    if (opcode !== opcodes.EXECUTE) return statementsOf(opcode, cql);
    // As many as are prepared, whose texts the proxy keeps anyway.
    const parsed = this.#prepared.get(cql) ?? statementsOf(opcode, cql);
    this.#prepared.set(cql, parsed);
    return parsed;
  }

  async #refuse(
    statement: CqlStatement,
    execution: Execution | undefined,
    request: CqlRequest,
    server: CqlServerSide,
  ): Promise<string | undefined> {
    const table = this.#tableOf(statement, server.connection);
    const { resources, allow } = this.#options;
    // The types of what is executed were looked at when it was prepared.
    const asksTypes =
      request.frame.opcode !== opcodes.EXECUTE &&
      (statement.sums.length > 0 || statement.condition.some(({ operator }) => operator !== '='));
    const columns =
      table !== undefined && (asksTypes || mayHaveLargeKey(statement, execution)) ? await columnsOf(server, table) : undefined;
    const has = (feature: TableFeature): boolean => table !== undefined && resources.isEnabled(feature, table);
    const [clientTimestamps, timeToLive] = [has('client_side_timestamps'), has('ttl')];
    return (
      refuseStatement({ statement, execution, allow, clientTimestamps, timeToLive, columnOf: (name) => columns?.get(name) }) ??
      this.#refuseAbsent(statement, table)
    );
  }

  /** What is not there yet, or no longer: Developer Guide, "Troubleshooting data definition language errors". */
  #refuseAbsent({ verb, tokens }: CqlStatement, table: TableName | undefined): string | undefined {
    const absent = (name: ResourceName): boolean => ['CREATING', 'DELETING'].includes(this.#options.resources.status(name));
    const keyspace = verb === 'USE' ? tokens[1]?.identifier : table?.keyspace;
    if (keyspace !== undefined && absent({ keyspace })) return `unconfigured keyspace ${keyspace}`;
    if (table === undefined || verb === 'CREATE' || verb === 'DROP') return undefined;
    return absent(table) ? `unconfigured table ${table.keyspace}.${table.table}` : undefined;
  }

  #tableOf({ table }: CqlStatement, connection: CqlConnection): TableName | undefined {
    const keyspace = table?.keyspace ?? this.#keyspaces.get(connection);
    return table === undefined || keyspace === undefined ? undefined : { keyspace, table: table.name };
  }

  async #run(statement: CqlStatement, request: CqlRequest, server: CqlServerSide): Promise<CqlReply> {
    const definition = translateDefinition(statement, this.#options.identity.region, this.#options.replicationFactor);
    const table = this.#tableOf(statement, server.connection);
    if (definition !== undefined) return this.#definer.define(definition, definedBy(definition, table), request, server);
    if (statement.verb === 'USE') return this.#use(statement, server);
    if (statement.verb !== 'SELECT' || table === undefined) return server.forward();
    if (table.keyspace === 'system') return this.#nodeTable(table.table, server);
    return table.keyspace === serviceKeyspace ? this.#serviceTable(statement, table.table, request, server) : server.forward();
  }

  async #use({ tokens }: CqlStatement, server: CqlServerSide): Promise<CqlReply> {
    const reply = await server.forward();
    const keyspace = tokens[1]?.identifier;
    if (reply.opcode === opcodes.RESULT && keyspace !== undefined) this.#keyspaces.set(server.connection, keyspace);
    return reply;
  }

  async #nodeTable(name: string, server: CqlServerSide): Promise<CqlReply> {
    if (name === 'peers_v2') return cqlErrors.invalid(ownText('unconfigured table peers_v2'));
    if (name !== 'local' && name !== 'peers') return server.forward();
    const { localAddress } = server.connection;
    const { region } = this.#options.identity;
    const version = await schemaVersion(server);
    const endpoint = (address: string): { region: string; address: string; schemaVersion: Buffer | null } => ({
      region,
      address,
      schemaVersion: version,
    });
    const others = this.#options.peers().filter((address) => address !== localAddress);
    return edited(await server.forward(), (rows) =>
      name === 'local' ? showLocal(rows, endpoint(localAddress)) : showPeers(rows, others.map(endpoint)),
    );
  }

  async #serviceTable(statement: CqlStatement, name: string, request: CqlRequest, server: CqlServerSide): Promise<CqlReply> {
    const { cql, show } = serviceSelect(statement, name);
    // A prepared one has been translated when it was prepared.
    const body = request.frame.opcode === opcodes.EXECUTE ? undefined : withText(request, cql);
    return edited(await server.forward(body), (rows) => show(rows, this.#options.resources));
  }
}

/** What a definition is about, where that is a keyspace or a table. */
function definedBy({ kind, keyspace }: Definition, table: TableName | undefined): ResourceName | undefined {
  if (kind === 'table') return table;
  return keyspace === undefined ? undefined : { keyspace };
}

function mayHaveLargeKey({ cql, where }: CqlStatement, execution: Execution | undefined): boolean {
  const bound = execution?.values.reduce((sum, value) => sum + (value?.length ?? 0), 0) ?? 0;
  return where.length > 0 && bound + Buffer.byteLength(cql) > smallestKeyQuota;
}

function edited(reply: CqlReply, edit: (rows: CqlRows) => CqlRows): CqlReply {
  if (reply.opcode !== opcodes.RESULT || replyReader(reply).int() !== resultKinds.rows) return reply;
  const rows = decodeRows(reply);
  if (rows === undefined) throw new Error('rows of a system table without metadata, or in pages');
  return encodeRows(edit(rows));
}

/** The statements of a BATCH one by one; what is written as `BEGIN BATCH …` is one. */
function statementsOf(opcode: number, cql: string): readonly CqlStatement[] {
  if (opcode !== opcodes.BATCH) return [parseStatement(cql)];
  return splitOutside(cqlTokens(cql), (token) => isSymbol(token, ';'))
    .filter((tokens) => tokens.length > 0)
    .map((tokens) => parseStatement(cql.slice(tokens[0]?.start, tokens.at(-1)?.end)));
}

/** A driver prepares again what it is told to be unknown. */
function unknownStatement({ frame }: CqlRequest): CqlReply | undefined {
  return frame.opcode === opcodes.EXECUTE ? cqlErrors.unprepared(requestReader(frame).shortBytes()) : undefined;
}
