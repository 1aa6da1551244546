import { NotOfType } from './canonical.ts';
import { type ColumnType, isCollection, type ScalarKind } from './column-type.ts';

/** How the values of a type stand in JSON. */
interface JsonForm {
  readonly encode: (value: never) => unknown;
  /** Throws `NotOfType` for what `encode` cannot have written. The range of the type is the builders' to check. */
  readonly decode: (json: unknown) => unknown;
}

function refuse(wanted: string): never {
  throw new NotOfType(wanted);
}

function plain(type: 'string' | 'number' | 'boolean'): JsonForm {
  // oxlint-disable-next-line typescript/no-unnecessary-type-conversion, valid-typeof -- `type` is one of three that typeof gives
  return { encode: (value) => value, decode: (json) => (typeof json === type ? json : refuse(`a ${type} in JSON`)) };
}

const [text, number, boolean] = [plain('string'), plain('number'), plain('boolean')];

/** JSON numbers hold 53 bits. */
const digits: JsonForm = {
  encode: String,
  decode: (json) => (typeof json === 'string' && /^-?\d{1,1000}$/.test(json) ? BigInt(json) : refuse('an integer as a string of digits')),
};

const moment: JsonForm = {
  encode: (value: Date) => value.toISOString(),
  decode: (json) => {
    const date = new Date(typeof json === 'string' ? json : NaN);
    return !Number.isNaN(date.getTime()) && date.toISOString() === json ? date : refuse('a moment such as "2025-11-25T00:00:00.000Z"');
  },
};

const bytes: JsonForm = {
  encode: (value: Uint8Array) => Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join(''),
  decode: (json) => {
    if (typeof json !== 'string' || json.length % 2 !== 0 || !/^[\da-f]*$/.test(json)) refuse('bytes as lower-case hexadecimal text');
    return Uint8Array.from({ length: json.length / 2 }, (_, i) => Number.parseInt(json.slice(2 * i, 2 * i + 2), 16));
  },
};

const scalars: { readonly [K in ScalarKind]: JsonForm } = {
  text,
  ascii: text,
  int: number,
  smallint: number,
  tinyint: number,
  bigint: digits,
  varint: digits,
  decimal: text,
  float: number,
  double: number,
  boolean,
  blob: bytes,
  uuid: text,
  timeuuid: text,
  timestamp: moment,
  date: text,
  time: text,
  inet: text,
  json: { encode: (value) => value, decode: (json) => json },
};

/** A value of a type as JSON holds it: sets as arrays, maps as arrays of pairs, so that no key meets a prototype. */
export function valueToJson(type: ColumnType, value: unknown): unknown {
  if (value === null) return null;
  if (!isCollection(type)) return scalars[type.kind].encode(value as never);
  if (type.kind !== 'map') return Array.from(value as Iterable<unknown>, (member) => valueToJson(type.element, member));
  const entries = value as ReadonlyMap<unknown, unknown>;
  return Array.from(entries, ([key, member]) => [valueToJson(type.key, key), valueToJson(type.value, member)]);
}

/** The value that `valueToJson` wrote, not yet checked against the range of the type; throws `NotOfType` for other JSON. */
export function valueFromJson(type: ColumnType, json: unknown): unknown {
  if (json === null) return null;
  if (!isCollection(type)) return scalars[type.kind].decode(json);
  if (!Array.isArray(json)) refuse('an array in JSON');
  if (type.kind === 'map')
    return new Map(
      distinct(
        json.map((pair) => pairFromJson(type.key, type.value, pair)),
        ([key]) => key,
      ),
    );
  const members = json.map((member) => valueFromJson(type.element, member));
  return type.kind === 'list' ? members : new Set(distinct(members, (member) => member));
}

function pairFromJson(key: ColumnType, value: ColumnType, json: unknown): readonly [unknown, unknown] {
  if (!Array.isArray(json) || json.length !== 2) refuse('an array of pairs of key and value in JSON');
  return [valueFromJson(key, json[0]), valueFromJson(value, json[1])];
}

/** A Set or Map would take the last of two equal ones without a word. */
function distinct<T>(members: readonly T[], keyOf: (member: T) => unknown): readonly T[] {
  return new Set(members.map(keyOf)).size === members.length ? members : refuse('members that differ');
}
