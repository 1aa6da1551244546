import { canonicalDecimal, maxDecimalDigits } from './decimal.ts';
import { canonicalInet } from './inet.ts';

/** Thrown by the functions below; the message says what was wanted. Callers add table, column and value. */
export class NotOfType extends Error {}

function refuse(wanted: string): never {
  throw new NotOfType(wanted);
}

/** Text as UTF-8 can hold it: a lone surrogate would be replaced on the way to the server. */
export function canonicalText(value: unknown): string {
  if (typeof value !== 'string') refuse('a string');
  if (!value.isWellFormed()) refuse('well-formed text, without lone surrogates');
  return value;
}

export function canonicalAscii(value: unknown): string {
  if (typeof value !== 'string') refuse('a string');
  // oxlint-disable-next-line no-control-regex -- control characters are ASCII too
  if (!/^[\x00-\x7f]*$/.test(value)) refuse('ASCII text');
  return value;
}

export function canonicalInteger(name: string, bits: number): (value: unknown) => number {
  const limit = 2 ** (bits - 1);
  const wanted = `an integer from ${-limit} to ${limit - 1} (${name})`;
  return (value) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < -limit || value >= limit) refuse(wanted);
    return value + 0 === 0 ? 0 : value;
  };
}

export function canonicalBigint(value: unknown): bigint {
  if (typeof value !== 'bigint') refuse('a bigint, such as 42n');
  if (BigInt.asIntN(64, value) !== value) refuse('a bigint from -2^63 to 2^63 - 1');
  return value;
}

const varintLimit = 10n ** BigInt(maxDecimalDigits);

export function canonicalVarint(value: unknown): bigint {
  if (typeof value !== 'bigint') refuse('a bigint, such as 42n');
  if (value >= varintLimit || value <= -varintLimit) refuse(`a bigint of at most ${maxDecimalDigits} digits`);
  return value;
}

export function canonicalDecimalValue(value: unknown): string {
  if (typeof value !== 'string') refuse("a decimal as a string, such as '12.50'");
  return canonicalDecimal(value) ?? refuse(`a decimal number of at most ${maxDecimalDigits} digits, such as '12.50'`);
}

export function canonicalDouble(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) refuse('a finite number');
  return value === 0 ? 0 : value;
}

export function canonicalFloat(value: unknown): number {
  const double = canonicalDouble(value);
  const nearest = Math.fround(double);
  if (!Number.isFinite(nearest)) refuse('a number in the range of a 32-bit float');
  if (nearest !== double) refuse(`a number that a 32-bit float can hold; the nearest is ${nearest}`);
  return double;
}

export function canonicalBoolean(value: unknown): boolean {
  return typeof value === 'boolean' ? value : refuse('a boolean');
}

export function canonicalBlob(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? Uint8Array.from(value) : refuse('a Uint8Array');
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function canonicalUuid(value: unknown): string {
  if (typeof value !== 'string') refuse('a UUID as a string');
  const lower = value.toLowerCase();
  return uuidPattern.test(lower) ? lower : refuse('a UUID such as 123e4567-e89b-42d3-a456-426614174000');
}

export function canonicalTimeuuid(value: unknown): string {
  const uuid = canonicalUuid(value);
  return uuid[14] === '1' ? uuid : refuse('a version 1 (time-based) UUID');
}

export function canonicalTimestamp(value: unknown): Date {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) refuse('a valid Date');
  return new Date(value.getTime());
}

export function canonicalDate(value: unknown): string {
  const wanted = 'a calendar date YYYY-MM-DD from 0001-01-01 to 9999-12-31';
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value) || value < '0001') refuse(wanted);
  const time = Date.parse(`${value}T00:00:00Z`);
  // Date.parse turns 2025-02-30 into March instead of refusing it.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value) ? value : refuse(wanted);
}

export function canonicalTime(value: unknown): string {
  const match = typeof value === 'string' ? /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?$/.exec(value) : null;
  if (match === null) refuse('a time of day HH:MM:SS with up to nine decimals');
  const [, hours, minutes, seconds, fraction = ''] = match;
  return `${hours}:${minutes}:${seconds}.${fraction.padEnd(9, '0')}`;
}

export function canonicalInetValue(value: unknown): string {
  if (typeof value !== 'string') refuse('an IP address as a string');
  return canonicalInet(value) ?? refuse('an IPv4 or IPv6 address without a zone');
}

export function canonicalJson(value: unknown): unknown {
  const text = jsonText(value);
  if (text === undefined || !text.isWellFormed()) refuse('a value that JSON can hold');
  const copy: unknown = JSON.parse(text);
  return sameJson(value, copy, 0)
    ? copy
    : refuse(`a value that survives JSON.stringify and JSON.parse unchanged, at most ${maxJsonDepth} levels deep`);
}

function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** Far fewer levels than the stack holds, so that no value is taken in one place and overflows it in another. */
const maxJsonDepth = 1000;

function sameJson(a: unknown, b: unknown, depth: number): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return Object.is(a, b);
  if (depth === maxJsonDepth || Array.isArray(a) !== Array.isArray(b)) return false;
  const prototype: unknown = Object.getPrototypeOf(a);
  if (!Array.isArray(a) && prototype !== Object.prototype && prototype !== null) return false;
  const keys = Object.keys(a);
  if (Array.isArray(a) && keys.length !== a.length) return false;
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && sameJson((a as never)[key], (b as never)[key], depth + 1));
}
