import { X509Certificate } from 'node:crypto';
import { checkOptions, type Expected, expected, invalidStatement } from '@onlyif/core';
import { driverOptions } from '@onlyif/cql';
import type { KeyspacesOptions } from './adapter.ts';
import type { CqlMapLiteral, CreationOptions } from './ddl.ts';

type Own = Exclude<keyof KeyspacesOptions, keyof import('./connect.ts').DriverOptions>;

const { anything } = expected;

const isCertificates: Expected = {
  words: 'certificates as PEM: the contents of a file, not its path',
  holds: (value) => [value].flat().every(isCertificate),
};
const isWhole: Expected = { words: 'a whole number from 1 on', holds: (value) => Number.isSafeInteger(value) && (value as number) >= 1 };
const isTexts: Expected = {
  words: 'an object of texts',
  holds: (value) => isRecord(value) && Object.values(value).every((each) => typeof each === 'string'),
};
const isMapLiteral: Expected = { words: 'an object of texts, numbers and such objects', holds: isMap };

const own: Readonly<Record<Own, Expected>> = {
  client: anything,
  keyspace: anything,
  tableName: anything,
  undocumented: anything,
  creation: anything,
  region: anything,
  credentials: anything,
  authProvider: anything,
  endpoint: expected.text,
  fips: expected.boolean,
  credentialsTimeoutMs: expected.timeoutMs,
  ca: isCertificates,
  servername: expected.text,
  connectionsPerHost: isWhole,
  onAuthenticationError: expected.function,
};
const driversOwn = driverOptions.filter((name) => !Object.hasOwn(own, name)).map((name) => [name, anything] as const);
const known: Readonly<Record<string, Expected>> = { ...own, ...Object.fromEntries(driversOwn) };
const creation: Readonly<Record<keyof CreationOptions, Expected>> = {
  customProperties: isMapLiteral,
  tags: isTexts,
  timeoutMs: expected.timeoutMs,
  onProgress: expected.function,
};

/** Refuses options of unknown names and of wrong values, as far as they are seen by themselves. */
export function checkKeyspacesOptions(options: KeyspacesOptions): void {
  checkOptions('The options of keyspaces', known, options);
  checkOptions('The options of creation', creation, options.creation ?? {});
  if (options.connectionsPerHost !== undefined && options.pooling?.coreConnectionsPerHost !== undefined)
    throw invalidStatement('keyspaces: connectionsPerHost sets pooling.coreConnectionsPerHost; give one of them.');
}

function isCertificate(value: unknown): boolean {
  try {
    return new X509Certificate(value as string | Buffer).subject !== '';
  } catch {
    return false;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isMap(value: unknown): value is CqlMapLiteral {
  const isLiteral = (each: unknown): boolean => typeof each === 'string' || Number.isFinite(each) || isMap(each);
  return isRecord(value) && Object.values(value).every(isLiteral);
}
