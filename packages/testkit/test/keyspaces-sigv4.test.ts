import { createHash, createHmac } from 'node:crypto';
import type { KeyspacesCredential } from '@onlyif/testkit';
import { expect, test } from 'vitest';
import { type Challenge, refuseSigV4 } from '../src/keyspaces-stand-in/sigv4.ts';

const region = 'us-west-2';
const nonce = '91703fdc2ef562e19fbdab0f58e42fe5';
const amzdate = '2020-06-09T22:41:51.000Z';
const key = { kind: 'access-key', accessKeyId: 'UserID-1', secretAccessKey: 'UserSecretKey-1' } as const;

/** A signer of its own, step by step as AWS's plugins do it. */
function sign({ secret = 'UserSecretKey-1', id = 'UserID-1', place = region, date = amzdate, of = nonce } = {}): string {
  const scope = [date.slice(0, 4) + date.slice(5, 7) + date.slice(8, 10), place, 'cassandra', 'aws4_request'];
  const hex = (text: string): string => createHash('sha256').update(text).digest('hex');
  const hmac = (secretKey: string | Buffer, text: string): Buffer => createHmac('sha256', secretKey).update(text).digest();
  const canonical = `PUT
/authenticate
X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${id}%2F${scope.join('%2F')}&X-Amz-Date=${date.replaceAll(':', '%3A')}&X-Amz-Expires=900
host:cassandra

host
${hex(of)}`;
  let derived: string | Buffer = `AWS4${secret}`;
  for (const step of scope) derived = hmac(derived, step);
  return hmac(derived, `AWS4-HMAC-SHA256\n${date}\n${scope.join('/')}\n${hex(canonical)}`).toString('hex');
}

const answerOf = (signature: string, date = amzdate, extra = ''): string =>
  `signature=${signature},access_key=UserID-1,amzdate=${date}${extra}`;

function challenge(over: Partial<Challenge> = {}): Challenge {
  return { region, nonce, credentials: [key], now: Date.parse(amzdate), ...over };
}

test('the vector of the plugins, and the signer of this test, are let in', () => {
  const signature = '7f3691c18a81b8ce7457699effbfae5b09b4e0714ab38c1292dbdf082c9ddd87';
  expect(sign()).toBe(signature);
  expect(refuseSigV4(answerOf(signature), challenge())).toBeUndefined();
});

test('every other digit in the signature is refused', () => {
  const right = sign();
  for (let i = 0; i < right.length; i++) {
    for (const digit of '0123456789abcdef') {
      if (digit === right[i]) continue;
      const wrong = right.slice(0, i) + digit + right.slice(i + 1);
      expect(refuseSigV4(answerOf(wrong), challenge())).toMatch(/signature we calculated does not match/);
    }
  }
});

test.each([
  ['another secret', sign({ secret: 'UserSecretKey-2' })],
  ['another region', sign({ place: 'us-west-1' })],
  ['another nonce', sign({ of: '91703fdc2ef562e19fbdab0f58e42fe6' })],
  ['another date', sign({ date: '2020-06-09T22:41:51.001Z' })],
  ['another key id', sign({ id: 'UserID-2' })],
  ['nothing', ''],
  ['a longer signature', `${sign()}0`],
])('signed with %s: refused', (_, signature) => {
  expect(refuseSigV4(answerOf(signature), challenge())).toMatch(/signature we calculated does not match/);
});

const seconds = (count: number): number => Date.parse(amzdate) + count * 1000;

test.each([
  [-901, /not yet current/],
  [-900, undefined],
  [900, undefined],
  [901, /expired/],
])('the clock of the service %i seconds after the signature', (after, problem) => {
  const refusal = refuseSigV4(answerOf(sign()), challenge({ now: seconds(after) }));
  if (problem === undefined) expect(refusal).toBeUndefined();
  else expect(refusal).toMatch(problem);
});

test('the day of the scope is that of the signature, not of the clock', () => {
  const date = '2020-06-09T23:59:59.000Z';
  const now = Date.parse('2020-06-10T00:05:00.000Z');
  expect(refuseSigV4(answerOf(sign({ date }), date), challenge({ now }))).toBeUndefined();
});

const temporary: KeyspacesCredential = { ...key, sessionToken: 'IQoJb3JpZ2luX2VjE//w==' };

test.each([
  ['its token, which ends in =', ',session_token=IQoJb3JpZ2luX2VjE//w==', undefined],
  ['none', '', /needs its session token/],
  ['another', ',session_token=IQoJb3JpZ2luX2VjE//w=', /not that of this access key/],
])('a temporary key with %s', (_, extra, problem) => {
  const refusal = refuseSigV4(answerOf(sign(), amzdate, extra), challenge({ credentials: [temporary] }));
  if (problem === undefined) expect(refusal).toBeUndefined();
  else expect(refusal).toMatch(problem);
});

test('a key that is no temporary one has no token', () => {
  expect(refuseSigV4(answerOf(sign(), amzdate, ',session_token=x'), challenge())).toMatch(/has no session token/);
});

test.each([
  [0, /expired at/],
  [1, undefined],
])('a key that expires %i seconds from now', (left, problem) => {
  const refusal = refuseSigV4(answerOf(sign()), challenge({ credentials: [{ ...key, expiresAt: new Date(seconds(left)) }] }));
  if (problem === undefined) expect(refusal).toBeUndefined();
  else expect(refusal).toMatch(problem);
});

test.each([
  ['an unknown key', `signature=${sign()},access_key=UserID-2,amzdate=${amzdate}`, /UserID-2 is not known/],
  ['a service user in place of a key', `signature=${sign()},access_key=alice,amzdate=${amzdate}`, /alice is not known/],
  ['no signature', `access_key=UserID-1,amzdate=${amzdate}`, /is signature=/],
  ['no text at all', '', /is signature=/],
  ['a date in the basic format', `signature=${sign()},access_key=UserID-1,amzdate=20200609T224151Z`, /no date of a signature/],
  ['a date that is none', `signature=${sign()},access_key=UserID-1,amzdate=2020-13-09T22:41:51.000Z`, /no date of a signature/],
])('%s: refused', (_, text, problem) => {
  const credentials: readonly KeyspacesCredential[] = [key, { kind: 'service-user', username: 'alice', password: 'x' }];
  expect(refuseSigV4(text, challenge({ credentials }))).toMatch(problem);
});

test('every refusal says that its words are the stand-in’s', () => {
  for (const text of ['', answerOf('0'), answerOf(sign(), '2019-06-09T22:41:51.000Z')])
    expect(refuseSigV4(text, challenge())).toMatch(/\(words of the stand-in\)$/);
});
