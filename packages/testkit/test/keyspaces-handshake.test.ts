import {
  cqlNotation,
  type CqlReply,
  type CqlServerSide,
  type KeyspacesCredential,
  opcodes,
  type OpcodeName,
  replyReader,
} from '@onlyif/testkit';
import { expect, test } from 'vitest';
import { Handshakes } from '../src/keyspaces-stand-in/authenticate.ts';
import { expectedSignature } from '../src/keyspaces-stand-in/sigv4.ts';

const region = 'eu-west-1';
const key = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' } as const;
const user = { username: 'alice', password: 'pass' } as const;
const credentials: readonly KeyspacesCredential[] = [
  { kind: 'access-key', ...key },
  { kind: 'service-user', ...user },
];
const ready: CqlReply = { opcode: opcodes.READY, flags: 0, body: Buffer.alloc(0) };

/** A connection to a fake server, which is always ready. */
function fakeServer(reply: CqlReply = ready): CqlServerSide {
  return { connection: { localAddress: '127.0.0.1' }, forward: async () => reply, ask: async () => reply };
}

const handshakes = new Handshakes({ region, credentials, now: Date.now });

function say(server: CqlServerSide, opcode: OpcodeName, token?: string): Promise<CqlReply | undefined> {
  const body = token === undefined ? Buffer.alloc(0) : cqlNotation.value(Buffer.from(token));
  const frame = { version: 4, flags: 0, stream: 0, opcode: opcodes[opcode], body };
  return handshakes.answer({ frame, cql: undefined, conditional: false }, server);
}

async function challenged(server: CqlServerSide): Promise<string> {
  expect((await say(server, 'STARTUP'))?.opcode).toBe(opcodes.AUTHENTICATE);
  const reply = await say(server, 'AUTH_RESPONSE', 'SigV4\0\0');
  expect(reply?.opcode).toBe(opcodes.AUTH_CHALLENGE);
  return reply === undefined ? '' : (replyReader(reply).value()?.toString() ?? '').slice('nonce='.length);
}

function signed(nonce: string): string {
  const amzdate = new Date().toISOString();
  const signature = expectedSignature({ region, nonce, amzdate, accessKeyId: key.accessKeyId }, key.secretAccessKey);
  return `signature=${signature},access_key=${key.accessKeyId},amzdate=${amzdate}`;
}

/** The code and the message of an error; undefined of any other reply. */
function problem(reply: CqlReply | undefined): readonly [number, string] | undefined {
  if (reply?.opcode !== opcodes.ERROR) return undefined;
  const reader = replyReader(reply);
  return [reader.int(), reader.string()];
}

test('who has signed the nonce is let in, on this connection alone', async () => {
  const server = fakeServer();
  const answer = signed(await challenged(server));
  expect((await say(server, 'AUTH_RESPONSE', answer))?.opcode).toBe(opcodes.AUTH_SUCCESS);
  expect(await say(server, 'QUERY')).toBeUndefined();
  expect(problem(await say(fakeServer(), 'QUERY'))).toEqual([0x000a, expect.stringContaining('Nothing before authentication')]);
});

test.each(['QUERY', 'PREPARE', 'EXECUTE', 'BATCH', 'REGISTER'] as const)('%s at no stage before the end', async (opcode) => {
  const server = fakeServer();
  const refused = async (): Promise<void> => expect(problem(await say(server, opcode))?.[0]).toBe(0x000a);
  await refused();
  await say(server, 'STARTUP');
  await refused();
  const nonce = await challenged(server);
  await refused();
  expect(problem(await say(server, 'AUTH_RESPONSE', signed(`${nonce}0`)))?.[0]).toBe(0x0100);
  await refused();
});

test('a nonce is good for one answer: neither after a wrong one, nor after a right one, nor on another connection', async () => {
  const server = fakeServer();
  const nonce = await challenged(server);
  expect(problem(await say(server, 'AUTH_RESPONSE', signed(`${nonce}0`)))?.[0]).toBe(0x0100);
  expect(problem(await say(server, 'AUTH_RESPONSE', signed(nonce)))).toEqual([0x0100, expect.stringContaining('no open challenge')]);
  const again = await challenged(server);
  const right = signed(again);
  expect((await say(server, 'AUTH_RESPONSE', right))?.opcode).toBe(opcodes.AUTH_SUCCESS);
  expect(problem(await say(server, 'AUTH_RESPONSE', right))).toEqual([0x0100, expect.stringContaining('no open challenge')]);
  const other = fakeServer();
  await challenged(other);
  expect(problem(await say(other, 'AUTH_RESPONSE', right))).toEqual([0x0100, expect.stringContaining('does not match')]);
});

test('the authenticator has the name that the service gives it', async () => {
  const reply = (await say(fakeServer(), 'STARTUP')) ?? ready;
  expect([reply.opcode, replyReader(reply).string()]).toEqual([opcodes.AUTHENTICATE, 'com.amazon.helenus.auth.HelenusAuthenticator']);
});

test('no signature without a challenge, and no password in place of one', async () => {
  const server = fakeServer();
  expect(problem(await say(server, 'AUTH_RESPONSE', 'SigV4\0\0'))?.[0]).toBe(0x0100);
  await challenged(server);
  expect(problem(await say(server, 'AUTH_RESPONSE', `\0${user.username}\0${user.password}`))?.[0]).toBe(0x0100);
  await say(server, 'STARTUP');
  expect((await say(server, 'AUTH_RESPONSE', `\0${user.username}\0${user.password}`))?.opcode).toBe(opcodes.AUTH_SUCCESS);
});

test.each(['', '\0', '\0alice', '\0alice\0', '\0alice\0Pass', '\0bob\0pass', '\0AKIATEST\0secret'])('no password: %j', async (token) => {
  const server = fakeServer();
  await say(server, 'STARTUP');
  expect(problem(await say(server, 'AUTH_RESPONSE', token))?.[0]).toBe(0x0100);
});

test('a server behind that wants to be logged in to is of no use', async () => {
  const asks = fakeServer({ ...ready, opcode: opcodes.AUTHENTICATE });
  await expect(say(asks, 'STARTUP')).rejects.toThrow(/without authentication/);
});
