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

const t = { keyspace: 'k', table: 't' };

test('what is due is not ready before the cluster agrees', async () => {
  const gate = new Gate();
  const resources = new Resources({ activeAfter: gate });
  resources.created(t);
  // An agreement on what was there before says nothing of it.
  resources.agreed();
  expect([resources.waitsForAgreement(), resources.status(t)]).toEqual([false, 'CREATING']);
  gate.open();
  await gate.opened;
  expect([resources.waitsForAgreement(), resources.status(t)]).toEqual([true, 'CREATING']);
  resources.agreed();
  expect([resources.waitsForAgreement(), resources.status(t)]).toEqual([false, 'ACTIVE']);
});

test.each([
  [{ activeAfter: 0, updatedAfter: new Gate() }, 'UPDATING'],
  [{ activeAfter: new Gate(), updatedAfter: 0 }, 'ACTIVE'],
  [{ activeAfter: new Gate() }, 'UPDATING'],
] as const)('a change has a time of its own, and that of a creation where none is given: %#', (times, afterwards) => {
  const resources = new Resources(times);
  resources.updated(t);
  expect(resources.status(t)).toBe('UPDATING');
  resources.agreed();
  expect(resources.status(t)).toBe(afterwards);
});

test('what is deleted is told once when it is due, tables first, and is DELETING until it is gone', async () => {
  const gate = new Gate();
  const resources = new Resources({ activeAfter: 0, goneAfter: gate });
  resources.deleting({ keyspace: 'k' });
  resources.deleting({ keyspace: 'kk', table: 't' });
  expect([resources.takeDeleted(), resources.status(t), resources.status({ keyspace: 'kk' })]).toEqual([[], 'DELETING', 'ACTIVE']);
  gate.open();
  await gate.opened;
  expect(resources.takeDeleted()).toEqual([{ keyspace: 'kk', table: 't' }, { keyspace: 'k' }]);
  resources.deleting({ keyspace: 'k' });
  await gate.opened;
  expect([resources.takeDeleted(), resources.status(t)]).toEqual([[], 'DELETING']);
  resources.dropped({ keyspace: 'k' });
  expect([resources.status(t), resources.status({ keyspace: 'kk', table: 't' })]).toEqual(['ACTIVE', 'DELETING']);
});

test('a dropped keyspace takes its tables with it, and no other', () => {
  const resources = new Resources({ activeAfter: new Gate() });
  const other = { keyspace: 'kk', table: 't' };
  for (const name of [{ keyspace: 'k' }, t, other]) resources.created(name);
  resources.dropped({ keyspace: 'k' });
  expect([{ keyspace: 'k' }, t, other].map((name) => resources.status(name))).toEqual(['ACTIVE', 'ACTIVE', 'CREATING']);
});

test('tables of a keyspace in several Regions have client-side timestamps', () => {
  const resources = new Resources({ activeAfter: 0 });
  const has = (): boolean => resources.isEnabled('client_side_timestamps', t);
  resources.setProperties(t, new Map([['ttl', new Map([['status', 'enabled']])]]));
  expect(has()).toBe(false);
  resources.setMultiRegion('k', true);
  expect([has(), resources.isEnabled('ttl', t)]).toEqual([true, true]);
  expect(resources.isEnabled('client_side_timestamps', { keyspace: 'kk', table: 't' })).toBe(false);
  resources.dropped({ keyspace: 'k' });
  expect(has()).toBe(false);
});
