import { cqlNotation, type CqlReply, type CqlServerSide, encodeRows, Gate } from '@onlyif/testkit';
import { expect, test } from 'vitest';
import { Resources } from '../src/keyspaces-stand-in/resources.ts';
import { schemaAgreement, schemaIsAgreed } from '../src/keyspaces-stand-in/server-questions.ts';

const uuidType = cqlNotation.short(0x000c);
const versions = (...each: readonly (string | null)[]): CqlReply =>
  encodeRows({
    columns: [{ keyspace: 'system', table: 'any', name: 'schema_version', type: uuidType }],
    rows: each.map((version) => [version === null ? null : Buffer.from(version)]),
  });

/** A fake node, of version A, whose peers have these versions each time that they are asked about; the last for ever. */
function fakeCluster(...peers: readonly (readonly (string | null)[])[]): CqlServerSide & { readonly asked: () => number } {
  let asked = 0;
  const ask = async (_: number, body: Buffer): Promise<CqlReply> =>
    body.includes('system.local') ? versions('A') : versions(...(peers[Math.min(asked++, peers.length - 1)] ?? []));
  return {
    connection: { localAddress: '127.0.0.1' },
    forward: () => Promise.reject(new Error('nothing to forward')),
    ask,
    asked: () => asked,
  };
}

test.each([
  [[], true],
  [['A', 'A'], true],
  [['A', 'B'], false],
  [['A', null], false],
] as const)('peers of versions %j agree with A: %s', async (peers, agreed) => {
  expect(await schemaIsAgreed(fakeCluster(peers))).toBe(agreed);
});

test('a change waits until the last peer has it', async () => {
  const cluster = fakeCluster(['B', 'B'], ['A', 'B'], ['A', 'A']);
  await schemaAgreement(cluster);
  expect(cluster.asked()).toBe(3);
});

test('what is due is not ready before the cluster agrees', async () => {
  const gate = new Gate();
  const resources = new Resources(gate);
  resources.created('k', 't');
  // An agreement on what was there before says nothing of it.
  resources.agreed();
  expect([resources.waitsForAgreement(), resources.status('k', 't')]).toEqual([false, 'CREATING']);
  gate.open();
  await gate.opened;
  expect([resources.waitsForAgreement(), resources.status('k', 't')]).toEqual([true, 'CREATING']);
  resources.agreed();
  expect([resources.waitsForAgreement(), resources.status('k', 't')]).toEqual([false, 'ACTIVE']);
});

test('a dropped keyspace takes its tables with it, and no other', () => {
  const resources = new Resources(new Gate());
  for (const [keyspace, table] of [
    ['k', undefined],
    ['k', 't'],
    ['kk', 't'],
  ] as const)
    resources.created(keyspace, table);
  resources.dropped('k');
  expect([resources.status('k'), resources.status('k', 't'), resources.status('kk', 't')]).toEqual(['ACTIVE', 'ACTIVE', 'CREATING']);
});

test('tables of a keyspace in several Regions have client-side timestamps', () => {
  const resources = new Resources(0);
  const has = (): boolean => resources.isEnabled('client_side_timestamps', 'k', 't');
  resources.setProperties('k', 't', new Map([['ttl', new Map([['status', 'enabled']])]]));
  expect(has()).toBe(false);
  resources.setMultiRegion('k', true);
  expect([has(), resources.isEnabled('ttl', 'k', 't'), resources.isEnabled('client_side_timestamps', 'kk', 't')]).toEqual([
    true,
    true,
    false,
  ]);
  resources.dropped('k');
  expect(has()).toBe(false);
});
