import { type ColumnType, type MapColumnType, memberType, parseDecimal, parseInet, type ScalarKind } from '@onlyif/core';

type Encoder = (value: never) => Buffer;

/**
 * A canonical value as the bytes of the native protocol. cassandra-driver passes a Buffer through for every type;
 * its own conversions turn 2^63 into −2^63 and 'x' into 0 without a word.
 */
export function encodeValue(type: ColumnType, value: unknown): Buffer {
  const encode = encoders[type.kind as ScalarKind] as Encoder | undefined;
  if (encode !== undefined) return encode(value as never);
  if (type.kind === 'map') return encodeMap(type, value as ReadonlyMap<unknown, unknown>);
  return encodeList(memberType(type), [...(value as Iterable<unknown>)]);
}

const encodeText = (value: string): Buffer => Buffer.from(value, 'utf8');

const encoders: { readonly [K in ScalarKind]: Encoder } = {
  text: encodeText,
  ascii: encodeText,
  json: (value: unknown) => encodeText(JSON.stringify(value)),
  int: encodeInt,
  smallint: (value: number) => {
    const bytes = Buffer.allocUnsafe(2);
    bytes.writeInt16BE(value);
    return bytes;
  },
  tinyint: (value: number) => {
    const bytes = Buffer.allocUnsafe(1);
    bytes.writeInt8(value);
    return bytes;
  },
  bigint: encodeLong,
  varint: encodeVarint,
  decimal: encodeDecimal,
  float: (value: number) => {
    const bytes = Buffer.allocUnsafe(4);
    bytes.writeFloatBE(value);
    return bytes;
  },
  double: (value: number) => {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeDoubleBE(value);
    return bytes;
  },
  boolean: (value: boolean) => Buffer.from([value ? 1 : 0]),
  blob: (value: Uint8Array) => Buffer.from(value),
  uuid: encodeUuid,
  timeuuid: encodeUuid,
  timestamp: encodeTimestamp,
  date: encodeDate,
  time: encodeTime,
  inet: (value: string) => Buffer.from(parseInet(value) ?? []),
};

function encodeInt(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function encodeLong(value: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

/** Milliseconds since 1970 in 64 bits, as two halves: a BigInt would take twice the time. */
function encodeTimestamp(value: Date): Buffer {
  const time = value.getTime();
  const high = Math.floor(time / 2 ** 32);
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeInt32BE(high);
  bytes.writeUInt32BE(time - high * 2 ** 32, 4);
  return bytes;
}

/** Two's complement in as few bytes as hold it. */
function encodeVarint(value: bigint): Buffer {
  const magnitude = value < 0n ? -value - 1n : value;
  const size = Math.floor(magnitude.toString(2).length / 8) + 1;
  const hex = BigInt.asUintN(size * 8, value).toString(16);
  return Buffer.from(hex.padStart(size * 2, '0'), 'hex');
}

/** The scale in four bytes, then the unscaled value as a varint. */
function encodeDecimal(value: string): Buffer {
  const { negative, digits, exponent } = parseDecimal(value) ?? { negative: false, digits: '', exponent: 0 };
  const unscaled = BigInt(`${digits === '' ? '0' : digits}${'0'.repeat(Math.max(exponent, 0))}`);
  return Buffer.concat([encodeInt(Math.max(-exponent, 0)), encodeVarint(negative ? -unscaled : unscaled)]);
}

function encodeUuid(value: string): Buffer {
  return Buffer.from(value.replaceAll('-', ''), 'hex');
}

const millisecondsPerDay = 86_400_000;

/** Days since 1970-01-01 plus 2^31, unsigned. */
function encodeDate(value: string): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(Date.parse(`${value}T00:00:00Z`) / millisecondsPerDay + 2 ** 31);
  return bytes;
}

/** Nanoseconds since midnight. */
function encodeTime(value: string): Buffer {
  const [hours = '', minutes = '', seconds = '', nanoseconds = ''] = value.split(/[:.]/);
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return encodeLong(BigInt(whole) * 1_000_000_000n + BigInt(nanoseconds));
}

/** The bytes of a list or set: a count, then each member with its length before it; −1 for null, which only an `IN` list may hold. */
export function encodeList(type: ColumnType, values: readonly unknown[]): Buffer {
  const members: (Buffer | null)[] = [];
  for (const value of values) members.push(value === null ? null : encodeValue(type, value));
  return withLengths(members.length, members);
}

function encodeMap(type: MapColumnType, map: ReadonlyMap<unknown, unknown>): Buffer {
  const members: Buffer[] = [];
  for (const [key, value] of map) members.push(encodeValue(type.key, key), encodeValue(type.value, value));
  return withLengths(map.size, members);
}

function withLengths(count: number, members: readonly (Buffer | null)[]): Buffer {
  let size = 4;
  for (const member of members) size += 4 + (member?.length ?? 0);
  const bytes = Buffer.allocUnsafe(size);
  let end = bytes.writeInt32BE(count);
  for (const member of members) {
    end = bytes.writeInt32BE(member?.length ?? -1, end);
    if (member !== null) end += member.copy(bytes, end);
  }
  return bytes;
}
