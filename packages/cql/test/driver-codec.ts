import type { ScalarKind } from '@onlyif/core';
import driver from 'cassandra-driver';
import { createRequire } from 'node:module';

interface DriverEncoder {
  encode(value: unknown, type: object): Buffer;
  decode(bytes: Buffer, type: object): unknown;
}
type EncoderClass = new (protocolVersion: number, options: object) => DriverEncoder;

/** cassandra-driver does not export its encoder; it is loaded by its path. */
const Encoder = createRequire(import.meta.url)('cassandra-driver/lib/encoder') as EncoderClass;

/** The codec of cassandra-driver itself, with the options given to its client. */
export function driverEncoder(encoding: object = {}): DriverEncoder {
  return new Encoder(4, { encoding: { map: Map, set: Set, ...encoding } });
}

const codes = driver.types.dataTypes as unknown as { readonly [name: string]: number };

export function driverType(kind: ScalarKind): object {
  return { code: codes[kind === 'json' ? 'text' : kind], info: null };
}
