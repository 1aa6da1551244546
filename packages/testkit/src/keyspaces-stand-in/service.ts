import { write } from '../proxy/cql-body.ts';
import { opcodes } from '../proxy/cql-frames.ts';
import { cqlErrors, type CqlReply, replyReader, resultKinds, voidReply } from '../proxy/cql-reply.ts';
import { type CqlRequest, requestReader } from '../proxy/cql-request.ts';
import { type CqlRows, decodeRows, encodeRows } from '../proxy/cql-rows.ts';
import type { CqlConnection, CqlServerSide } from '../proxy/cql-session.ts';
import { Handshakes, type Identity } from './authenticate.ts';
import { executionOf } from './bound-values.ts';
import { type CqlStatement, parseStatement } from './cql-statement.ts';
import { cqlTokens, isSymbol, splitOutside } from './cql-tokens.ts';
import { type Definition, translateDefinition } from './definitions.ts';
import { showLocal, showPeers } from './node-tables.ts';
import { ownText } from './own-text.ts';
import { refuseStatement, type UndocumentedConstructs } from './refusals.ts';
import type { Resources, TableFeature } from './resources.ts';
import { columnTypes, schemaAgreement, schemaIsAgreed, schemaVersion } from './server-questions.ts';
import { serviceKeyspace, serviceSelect } from './service-tables.ts';

/** What a stand-in's service is made of. */
export interface ServiceOptions {
  readonly identity: Identity;
  readonly resources: Resources;
  readonly allow: UndocumentedConstructs;
  readonly replicationFactor: number;
  readonly peers: () => readonly string[];
}

type Table = { readonly keyspace: string; readonly name: string };

/** Answers requests as Keyspaces does, with Cassandra doing the work behind. */
export class KeyspacesService {
  readonly #options: ServiceOptions;
  readonly #handshakes: Handshakes;
  readonly #keyspaces = new WeakMap<CqlConnection, string>();
  readonly #prepared = new Map<string, readonly CqlStatement[]>();

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#handshakes = new Handshakes(options.identity);
  }

  async answer(request: CqlRequest, server: CqlServerSide): Promise<CqlReply> {
    const handshake = await this.#handshakes.answer(request, server);
    if (handshake !== undefined) return handshake;
    if (request.cql === undefined) return unknownStatement(request) ?? server.forward();
    const statements = this.#parse(request.frame.opcode, request.cql);
    const { resources } = this.#options;
    if (resources.waitsForAgreement() && (await schemaIsAgreed(server))) resources.agreed();
    for (const statement of statements) {
      const refusal = await this.#refuse(statement, request, server);
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

  async #refuse(statement: CqlStatement, request: CqlRequest, server: CqlServerSide): Promise<string | undefined> {
    const table = this.#tableOf(statement, server.connection);
    const { resources, allow } = this.#options;
    const execution = executionOf(request);
    // The columns of what is executed were looked at when it was prepared.
    const isNew = request.frame.opcode !== opcodes.EXECUTE;
    const needsTypes = isNew && statement.condition.some(({ operator }) => operator !== '=');
    const types = needsTypes && table !== undefined ? await columnTypes(server, table.keyspace, table.name) : undefined;
    const has = (feature: TableFeature): boolean => table !== undefined && resources.isEnabled(feature, table.keyspace, table.name);
    const [clientTimestamps, timeToLive] = [has('client_side_timestamps'), has('ttl')];
    return (
      refuseStatement({ statement, execution, allow, clientTimestamps, timeToLive, typeOf: (column) => types?.get(column) }) ??
      this.#refuseUnready(statement, table)
    );
  }

  /** What the service has not finished making is not there yet: Developer Guide, "Troubleshooting data definition language errors". */
  #refuseUnready({ verb, tokens }: CqlStatement, table: Table | undefined): string | undefined {
    const { resources } = this.#options;
    const keyspace = verb === 'USE' ? tokens[1]?.identifier : table?.keyspace;
    if (keyspace !== undefined && resources.status(keyspace) !== 'ACTIVE') return `unconfigured keyspace ${keyspace}`;
    if (table === undefined || verb === 'CREATE' || verb === 'DROP') return undefined;
    return resources.status(table.keyspace, table.name) === 'ACTIVE' ? undefined : `unconfigured table ${table.keyspace}.${table.name}`;
  }

  #tableOf({ table }: CqlStatement, connection: CqlConnection): Table | undefined {
    const keyspace = table?.keyspace ?? this.#keyspaces.get(connection);
    return table === undefined || keyspace === undefined ? undefined : { keyspace, name: table.name };
  }

  async #run(statement: CqlStatement, request: CqlRequest, server: CqlServerSide): Promise<CqlReply> {
    const definition = translateDefinition(statement, this.#options.identity.region, this.#options.replicationFactor);
    const table = this.#tableOf(statement, server.connection);
    if (definition !== undefined) return this.#define(definition, table, request, server);
    if (statement.verb === 'USE') return this.#use(statement, server);
    if (statement.verb !== 'SELECT' || table === undefined) return server.forward();
    if (table.keyspace === 'system') return this.#nodeTable(table.name, server);
    return table.keyspace === serviceKeyspace ? this.#serviceTable(statement, table.name, request, server) : server.forward();
  }

  async #define(definition: Definition, table: Table | undefined, request: CqlRequest, server: CqlServerSide): Promise<CqlReply> {
    if (definition.refusal !== undefined) return cqlErrors.invalid(definition.refusal);
    const reply = definition.cql === undefined ? voidReply : await server.forward(withText(request, definition.cql));
    if (reply.opcode !== opcodes.RESULT) return reply;
    this.#note(definition, table, replyReader(reply).int() === resultKinds.schemaChange);
    // A created table is used when it is ACTIVE; of a change nothing tells that all nodes have it.
    if (definition.verb !== 'CREATE') await schemaAgreement(server);
    return reply;
  }

  #note({ verb, kind, keyspace, multiRegion, customProperties }: Definition, table: Table | undefined, changed: boolean): void {
    const { resources } = this.#options;
    if (keyspace !== undefined && multiRegion !== undefined && (changed || verb === 'ALTER'))
      resources.setMultiRegion(keyspace, multiRegion);
    if (verb === 'DROP' && kind === 'keyspace' && keyspace !== undefined) resources.dropped(keyspace);
    if (verb === 'DROP' && kind === 'table' && table !== undefined) resources.dropped(table.keyspace, table.name);
    if (verb === 'CREATE' && changed && keyspace !== undefined) resources.created(keyspace);
    if (verb === 'CREATE' && changed && table !== undefined && kind === 'table') resources.created(table.keyspace, table.name);
    if (kind === 'table' && table !== undefined && (verb === 'ALTER' || (verb === 'CREATE' && changed)))
      resources.setProperties(table.keyspace, table.name, customProperties);
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

/** The body of a QUERY or PREPARE with another text. */
function withText({ frame }: CqlRequest, cql: string): Buffer {
  const reader = requestReader(frame);
  const start = frame.body.length - reader.bytesLeft();
  reader.longString();
  return Buffer.concat([frame.body.subarray(0, start), write.longString(cql), reader.take(reader.bytesLeft())]);
}
