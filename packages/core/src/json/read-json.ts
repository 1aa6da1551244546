import { invalidStatement, LWTError } from '../errors.ts';
import { describeValue } from '../values/check-value.ts';

/** What a JSON text holds; throws `invalid-statement` where it is no JSON, or names a property twice in one object. */
export function readJson(text: unknown): unknown {
  if (typeof text !== 'string') throw invalidStatement('parse(…) takes the text that serialize returned.');
  const json = parsed(text);
  if (countNames(text) !== countProperties(json)) throw invalidStatement('The text names a property twice in one object.');
  return json;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LWTError('invalid-statement', `The text is not JSON: ${describeValue(text)}.`, { cause });
  }
}

/** How many property names a JSON text holds. `JSON.parse` keeps the last of two equal ones. */
function countNames(text: string): number {
  let count = 0;
  let open = false;
  // Token by token: a pattern of a whole string overflows the stack of the regular expressions on a long one.
  for (const [token, colon] of text.matchAll(/\\.|"(\s*:)?/g)) {
    if (token.startsWith('\\')) continue;
    if (open && colon !== undefined) count++;
    open = !open;
  }
  return count;
}

function countProperties(json: unknown): number {
  let count = 0;
  const open = [json];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) count += Object.keys(value).length;
    for (const member of Object.values(value)) open.push(member);
  }
  return count;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(json: unknown): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

export function jsonObject(what: string, json: unknown): JsonObject {
  return isJsonObject(json) ? json : refuse(what, 'an object', json);
}

export function jsonArray(what: string, json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : refuse(what, 'an array', json);
}

export function jsonString(what: string, json: unknown): string {
  return typeof json === 'string' ? json : refuse(what, 'a string', json);
}

export function refuse(what: string, wanted: string, json: unknown): never {
  throw invalidStatement(`${what} is ${wanted}, not ${describeValue(json)}.`);
}

/** Throws where an object lacks one of the fields, or has another one. */
export function checkFields(what: string, json: JsonObject, names: readonly string[]): void {
  const list = names.join(', ');
  for (const name of names) if (!Object.hasOwn(json, name)) throw invalidStatement(`${what} lacks ${name}; its fields are ${list}.`);
  for (const name of Object.keys(json))
    if (!names.includes(name)) throw invalidStatement(`${what} has no field ${describeValue(name)}; its fields are ${list}.`);
}
