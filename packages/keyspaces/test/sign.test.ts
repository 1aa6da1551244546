import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { signChallenge } from '../src/sign.ts';

interface PluginInput {
  readonly region: string;
  readonly nonce: string;
  readonly date: Date;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}
/** aws-sigv4-auth-cassandra-plugin 1.0.5 is the oracle: what it signs, the service takes. */
const plugin = createRequire(import.meta.url)('aws-sigv4-auth-cassandra-plugin/lib/sigv4-auth-signature') as {
  computeSigV4SignatureCassandraRequest(input: PluginInput): string;
};

const example: PluginInput = {
  region: 'us-west-2',
  nonce: '91703fdc2ef562e19fbdab0f58e42fe5',
  date: new Date('2020-06-09T22:41:51.000Z'),
  accessKeyId: 'UserID-1',
  secretAccessKey: 'UserSecretKey-1',
};
const signed =
  'signature=7f3691c18a81b8ce7457699effbfae5b09b4e0714ab38c1292dbdf082c9ddd87,access_key=UserID-1,amzdate=2020-06-09T22:41:51.000Z';

describe('the signature', () => {
  test('of the example in the tests of AWS’s plugins', () => {
    expect(signChallenge(example, example)).toBe(signed);
    expect(plugin.computeSigV4SignatureCassandraRequest(example)).toBe(signed);
  });
  test('with a session token, which is sent and not signed', () => {
    expect(signChallenge(example, { ...example, sessionToken: 'a=b==,c' })).toBe(`${signed},session_token=a=b==,c`);
  });
  test('every input matters', () => {
    const others: readonly PluginInput[] = [
      { ...example, region: 'us-west-1' },
      { ...example, nonce: '91703fdc2ef562e19fbdab0f58e42fe6' },
      { ...example, date: new Date('2020-06-09T22:41:51.001Z') },
      { ...example, accessKeyId: 'UserID-2' },
      { ...example, secretAccessKey: 'UserSecretKey-2' },
    ];
    const signatures = new Set([example, ...others].map((input) => signChallenge(input, input).split(',')[0]));
    expect(signatures.size).toBe(6);
  });

  const seed = Number(process.env['ONLYIF_SEED'] ?? Date.now() % 2 ** 31);
  test(`of 2,000 random inputs, half with session tokens, is that of aws-sigv4-auth-cassandra-plugin (ONLYIF_SEED=${seed})`, () => {
    const random = randomFrom(seed);
    for (let i = 0; i < 2000; i++) {
      const input: PluginInput = {
        region: text(random, 'abcdefghijklmnopqrstuvwxyz-0123456789', 1, 20),
        nonce: text(random, '0123456789abcdef', 1, 64),
        date: new Date(Math.floor(random() * 4e12)),
        accessKeyId: text(random, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 1, 20),
        secretAccessKey: text(random, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+', 1, 90),
        ...(i % 2 === 0 ? {} : { sessionToken: text(random, 'ABCDEFabcdef0123456789/+=', 1, 400) }),
      };
      expect(signChallenge(input, input), JSON.stringify(input)).toBe(plugin.computeSigV4SignatureCassandraRequest(input));
    }
  });
});

function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function text(random: () => number, alphabet: string, least: number, most: number): string {
  const length = least + Math.floor(random() * (most - least + 1));
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
}
