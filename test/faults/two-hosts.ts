import { randomBytes } from 'node:crypto';
import {
  type CqlIntercept,
  cqlNotation,
  type CqlProxy,
  type CqlReply,
  decodeRows,
  encodeRows,
  opcodes,
  type PreparedTexts,
} from '@onlyif/testkit';
import cassandraDriver, { type ClientOptions } from 'cassandra-driver';
import { startProxy } from './proxied-cassandra.ts';

type Translator = cassandraDriver.policies.addressResolution.AddressTranslator;

const peer = '127.0.0.2';

/**
 * Two proxies of one real node, which a client takes for two: the first adds the second to what `system.peers` says. So the
 * driver has a next host to try again on, with no second server.
 */
export async function startTwoHosts(): Promise<readonly [CqlProxy, CqlProxy]> {
  const prepared: PreparedTexts = new Map();
  return [await startProxy({ prepared, intercept: withPeer }), await startProxy({ prepared, intercept: withPeer })];
}

/** For a client with the first as its contact point. */
export function secondHost(second: CqlProxy): NonNullable<ClientOptions['policies']> {
  const translate = (address: string, port: number, callback: (endPoint: string) => void): void =>
    callback(address === peer ? second.address : `${address}:${port}`);
  // A class, though its declaration says interface.
  const { AddressTranslator } = cassandraDriver.policies.addressResolution as unknown as { AddressTranslator: new () => Translator };
  return { addressResolution: Object.assign(new AddressTranslator(), { translate }) };
}

const withPeer: CqlIntercept = ({ cql }, server) => {
  if (cql === undefined || !/FROM system\.peers/.test(cql)) return undefined;
  return Promise.all([server.forward(), server.ask(opcodes.QUERY, select('SELECT * FROM system.local'))]).then(([peers, local]) =>
    addPeer(peers, local),
  );
};

function select(cql: string): Buffer {
  const consistencyOne = cqlNotation.short(1);
  const noFlags = cqlNotation.byte(0);
  return Buffer.concat([cqlNotation.longString(cql), consistencyOne, noFlags]);
}

const own: { readonly [name: string]: Buffer } = {
  peer: Buffer.from([127, 0, 0, 2]),
  rpc_address: Buffer.from([127, 0, 0, 2]),
  host_id: randomBytes(16),
  tokens: Buffer.concat([cqlNotation.int(1), cqlNotation.value(Buffer.from('42'))]),
};

/** A row with the node's own data center, rack and versions, as its `system.local` names them. */
function addPeer(peers: CqlReply, local: CqlReply): CqlReply {
  const found = decodeRows(peers);
  const here = decodeRows(local);
  if (found === undefined || here === undefined) return peers;
  const row = found.columns.map(
    ({ name }) => own[name] ?? here.rows[0]?.[here.columns.findIndex((column) => column.name === name)] ?? null,
  );
  return encodeRows({ columns: found.columns, rows: [...found.rows, row] });
}
