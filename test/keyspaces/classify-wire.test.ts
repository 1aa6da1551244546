import { createClient, isLWTError } from '@onlyif/core';
import { keyspaces } from '@onlyif/keyspaces';
import { cqlErrors, type CqlReply, errorReply, type KeyspacesStandIn } from '@onlyif/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { byCode } from '../../packages/keyspaces/src/classify.ts';
import type { Told } from '../faults/outcome.ts';
import { skipped } from '../faults/proxied-cassandra.ts';
import { type Verb, verbs } from '../faults/rows.ts';
import { rowsKeyspace, write } from '../faults/rows-keyspace.ts';
import { builtIn, wayTo } from './backend.ts';
import { startStandIn } from './stand-in.ts';

/** What an error is sent as, and what the caller of a conditional write is told. */
interface WireCase {
  readonly name: string;
  readonly reply: CqlReply;
  readonly told: Told;
  readonly retryable: boolean;
}

const heard = { consistency: 'LOCAL_QUORUM', received: 1, blockFor: 2 } as const;
const none = { ...heard, received: 0 } as const;

const open = (name: string, reply: CqlReply): WireCase => ({ name, reply, told: 'outcome-unknown: unknown', retryable: false });
const away = (name: string, reply: CqlReply, retryable = true): WireCase => ({ name, reply, told: 'unavailable: not-applied', retryable });
const denied = (name: string, reply: CqlReply): WireCase => ({ name, reply, told: 'access-denied: not-applied', retryable: false });
const rejected = (name: string, reply: CqlReply): WireCase => ({ name, reply, told: 'rejected-by-server: not-applied', retryable: false });
const mismatch = (name: string, reply: CqlReply): WireCase => ({ name, reply, told: 'schema-mismatch: not-applied', retryable: false });

const cases: { readonly [code: number]: readonly WireCase[] } = {
  0x0000: [open('server error', cqlErrors.serverError())],
  0x000a: [rejected('protocol error', cqlErrors.protocolError('words'))],
  0x0100: [denied('bad credentials', cqlErrors.badCredentials('words'))],
  0x1000: [open('unavailable', cqlErrors.unavailable('LOCAL_QUORUM', 2, 1)), open('at SERIAL', cqlErrors.unavailable('SERIAL', 2, 1))],
  0x1001: [open('overloaded', cqlErrors.overloaded())],
  0x1002: [away('bootstrapping', cqlErrors.bootstrapping())],
  0x1003: [open('truncate error', cqlErrors.truncateError())],
  0x1100: ['SIMPLE', 'CAS', 'BATCH_LOG'].map((type) => open(`write timeout of type ${type}`, cqlErrors.writeTimeout(type, none))),
  0x1200: [open('read timeout', cqlErrors.readTimeout({ ...none, dataPresent: false }))],
  0x1300: [open('read failure', cqlErrors.readFailure({ ...heard, failures: 1, dataPresent: false }))],
  0x1400: [open('function failure', cqlErrors.functionFailure('k', 'f', ['int']))],
  0x1500: ['SIMPLE', 'CAS'].map((type) => open(`write failure of type ${type}`, cqlErrors.writeFailure(type, { ...heard, failures: 1 }))),
  0x1600: [open('CDC write failure', cqlErrors.cdcWriteFailure())],
  0x1700: [open('CAS write unknown', cqlErrors.casWriteUnknown(heard))],
  0x2000: [rejected('syntax error', cqlErrors.syntaxError('words'))],
  0x2100: [denied('unauthorized', cqlErrors.unauthorized('words'))],
  0x2200: [rejected('invalid', cqlErrors.invalid('words')), mismatch('a missing table', cqlErrors.invalid('unconfigured table rows'))],
  0x2300: [open('config error', cqlErrors.configError('words'))],
  0x2400: [rejected('already exists', cqlErrors.alreadyExists('k', 't'))],
  // The driver prepares again only what it has prepared: an id that it does not know will not be known later.
  0x2500: [away('unprepared, with an id that nobody knows', cqlErrors.unprepared(Buffer.from('nosuch')), false)],
};
const ofNoTable = open('an error of no table', errorReply(0x7777, 'words'));

test('every code of the table has a case that is sent with this code, and no other has', () => {
  expect(Object.keys(cases)).toEqual(Object.keys(byCode));
  for (const [code, each] of Object.entries(cases))
    expect(each.map(({ reply }) => reply.body.readInt32BE())).toEqual(each.map(() => Number(code)));
});

describe.skipIf(skipped !== undefined)('every error code on its way from the stand-in for Keyspaces to the caller of the adapter', () => {
  const on = rowsKeyspace();
  let standIn: KeyspacesStandIn;
  beforeAll(async () => {
    standIn = await startStandIn();
  });
  afterEach(() => standIn.clearRules());
  afterAll(() => standIn?.close());

  /** What the error of one write says that the stand-in answers so, and what the row in the Cassandra behind holds then. */
  async function met(verb: Verb, reply: CqlReply, forward: boolean): Promise<object> {
    const adapter = keyspaces({ ...wayTo(standIn), ...builtIn(standIn), keyspace: on.keyspace, connectionsPerHost: 1 });
    const db = createClient(adapter, { verify: 'off', retry: 'off' });
    // Connects and prepares: the error is to meet the EXECUTE.
    await verb.run(db, await on.given(verb));
    const id = await on.given(verb);
    const rule = standIn.addRule({ match: write, do: { kind: 'reply', reply, forward } });
    const error: unknown = await verb.run(db, id).catch((thrown: unknown) => thrown);
    await db.close();
    if (!isLWTError(error)) throw new Error(`no LWTError, but ${JSON.stringify(error)}`);
    return { told: `${error.code}: ${error.outcome}`, retryable: error.retryable, sent: rule.hits, stored: await on.stored(id) };
  }

  const sent = [...Object.values(cases).flat(), ofNoTable];
  describe.each(sent)('refused at the door, nothing is done: $name', ({ reply, told, retryable }) => {
    test.each(['insert', 'update', 'delete'] as const)('%s', async (name) =>
      expect(await met(verbs[name], reply, false)).toEqual({ told, retryable, sent: 1, stored: verbs[name].before }),
    );
  });
  describe.each(sent.filter(({ told }) => told.endsWith('unknown')))('after the write was done: $name', ({ reply, told, retryable }) => {
    test.each(['insert', 'update', 'delete'] as const)('%s', async (name) =>
      expect(await met(verbs[name], reply, true)).toEqual({ told, retryable, sent: 1, stored: verbs[name].after }),
    );
  });
});
