// How long a history takes to check: eight clients on one row, as a correct database would have answered them.
import { defineTable, eq, exists, get, int, judge, text, update } from '@onlyif/core';
import { checkLinearizable, rowRegister } from '@onlyif/testkit';
import { median } from './rounds.mjs';

const rows = defineTable('rows', { columns: { id: text(), version: int().notNull(), mark: int() }, partitionKey: ['id'] });
const key = { id: 'a' };
const { version } = rows.columns;
const clients = 8;

const cases = [
  { name: 'most writes pin the version', ifExists: 0, unknown: 0.02, sizes: [1_000, 10_000, 50_000] },
  { name: 'a tenth of the calls are `if exists()`', ifExists: 0.1, unknown: 0.06, sizes: [500, 2_000, 10_000] },
];
const times = 3;

export function measureChecker() {
  console.log(
    `Checker: one history of ${clients} clients on one row, correct, with some outcomes unknown; median of ${times} histories.\n`,
  );
  for (const { name, sizes, ...mix } of cases) {
    console.log(name);
    for (const size of sizes) print(size, mix);
  }
}

function print(size, mix) {
  const taken = Array.from({ length: times }, (_, i) => {
    const history = simulate(size, mix, i + 1);
    const started = performance.now();
    const { kind } = checkLinearizable(history, { ...rowRegister, init: { ...key, version: 0, mark: null } });
    return { kind, ms: performance.now() - started, open: history.filter(({ reply }) => reply === undefined).length };
  });
  const kinds = [...new Set(taken.map(({ kind }) => kind))].join(' or ');
  console.log(
    `  ${String(size).padStart(6)} operations, ${median(taken.map(({ open }) => open))} unknown: ${median(taken.map(({ ms }) => ms)).toFixed(0)} ms, ${kinds}`,
  );
}

/** Calls take effect at a moment between call and return; of those without an answer some do, some later, some never. */
function simulate(count, { ifExists, unknown }, seed) {
  const random = randomFrom(seed);
  const below = (limit) => Math.floor(random() * limit);
  const operations = [];
  const running = new Map();
  const late = [];
  let row = { ...key, version: 0, mark: null };
  let place = 0;
  const effect = (call) => {
    if (call.kind === 'get') return { kind: 'read', row };
    const { applied, after } = judge(call, row);
    const before = row;
    row = after;
    return { kind: 'write', result: applied ? { applied } : { applied, existing: before, source: 'decision' } };
  };
  const nextCall = (mark) => {
    const luck = random();
    if (luck < 0.1) return get(rows, key);
    if (luck < 0.1 + ifExists) return update(rows, key, { set: { mark }, if: exists() });
    return update(rows, key, { set: { version: row.version + 1, mark }, if: eq(version, row.version) });
  };
  while (operations.length < count) {
    if (late.length > 0 && random() < 0.05) effect(late.splice(below(late.length), 1)[0]);
    const client = below(clients);
    const now = running.get(client);
    const end = (reply, returned) => (operations.push({ ...now, reply, returned }), running.delete(client));
    if (now === undefined) running.set(client, { client, call: nextCall(place), invoked: place++ });
    else if (now.reply !== undefined) end(now.reply, place++);
    else if (random() < unknown) {
      if (random() < 0.4) effect(now.call);
      else if (random() < 0.5) late.push(now.call);
      end(undefined, Infinity);
    } else now.reply = effect(now.call);
  }
  const open = [...running.values()].map((now) => ({ ...now, reply: undefined, returned: Infinity }));
  return [...operations, ...open];
}

/** Numbers from 0 up to 1, the same for the same seed. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
