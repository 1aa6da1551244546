import {
  and,
  type Client,
  type Condition,
  createClient,
  defineTable,
  describeCondition,
  entry,
  eq,
  gt,
  int,
  isLWTError,
  isNotNull,
  isNull,
  item,
  list,
  type LWTError,
  map,
  ne,
  notExists,
  text,
  update,
} from '@onlyif/core';
import type { Undocumented } from '@onlyif/keyspaces';
import { memory } from '@onlyif/memory';
import type { Backend } from './open-backend.ts';
import type { Terminal } from './terminal.ts';
import { withTables } from './with-tables.ts';

const probed = defineTable('onlyif_probe', {
  columns: { id: text(), mark: text().notNull(), n: int(), m: map(text(), int()), l: list(int()) },
  partitionKey: ['id'],
});
const { mark, n, m, l } = probed.columns;
const k = entry(m, 'k');
const first = item(l, 0);

type ProbeCondition = Condition<'onlyif_probe', 'mark' | 'n' | 'm' | 'l'>;

/** What a row holds beside its key and its mark; undefined for no row. */
type Held = { readonly n?: number; readonly m?: ReadonlyMap<string, number>; readonly l?: readonly number[] } | undefined;

/** A condition whose meaning the service does not document, to be tried on a row. */
interface Probe {
  readonly setting: keyof Undocumented;
  readonly condition: ProbeCondition;
  readonly row: string;
  readonly held: Held;
}

const scalars: Readonly<Record<string, Held>> = { 'n = 1': { n: 1 }, 'n = null': {}, 'no row': undefined };
const collections: Readonly<Record<string, Held>> = {
  "m = {'k': 1}, l = [1]": { m: new Map([['k', 1]]), l: [1] },
  "m = {'k': 2}, l = [2]": { m: new Map([['k', 2]]), l: [2] },
  "m = {'other': 1}, l = null": { m: new Map([['other', 1]]) },
  'm = null, l = null': {},
  'no row': undefined,
};

const there = eq(mark, 'before');

/**
 * Each condition on each row. Those of scalars that nulls fulfil are sent with `mark != null` beside them, which keeps an
 * absent row absent; those of elements do without it.
 */
const probes: readonly Probe[] = [
  ...on(scalars, 'notNull', [isNotNull(n), isNull(n), ne(n, 7)]),
  ...on(collections, 'elements', [eq(k, 1), and(there, ne(k, 1)), gt(k, 1), and(there, isNull(k))]),
  ...on(collections, 'elements', [eq(first, 1), and(there, ne(first, 1)), gt(first, 1), and(there, isNull(first))]),
];

function on(rows: Readonly<Record<string, Held>>, setting: keyof Undocumented, conditions: readonly ProbeCondition[]): Probe[] {
  return conditions.flatMap((condition) => Object.entries(rows).map(([row, held]) => ({ setting, condition, row, held })));
}

/** Tries each probe on the backend and in memory, whose answer is what the condition means here, and tells where they differ. */
export async function runProbes(backend: Backend, terminal: Terminal): Promise<void> {
  const db = createClient(backend.adapter);
  const model = createClient(memory());
  await withTables(db, backend, terminal, [probed], async () => {
    const failed = new Set<Probe['setting']>();
    for (const [index, probe] of probes.entries()) {
      terminal.signal.throwIfAborted();
      const expected = await answerOf(model, probe, index);
      const answer = await answerOf(db, probe, index);
      if (answer !== expected) failed.add(probe.setting);
      const condition = describeCondition(statementOf(probe, 'any').if);
      const instead = answer === expected ? '' : `; expected: ${expected}`;
      terminal.out(`${verdictOn(answer, expected).padEnd(7)}  ${condition}, ${probe.row}: ${answer}${instead}`);
    }
    for (const setting of ['notNull', 'elements'] as const)
      terminal.out(
        failed.has(setting)
          ? `undocumented.${setting}: leave it off.`
          : `undocumented.${setting}: held in all that was asked, in this Region, today.`,
      );
  });
}

function verdictOn(answer: string, expected: string): string {
  if (answer === expected) return 'holds';
  return answer.startsWith('refused') ? 'REFUSED' : 'DIFFERS';
}

/** What a conditional update did, in words: its result, and whether the row shows it. */
async function answerOf(db: Client, probe: Probe, index: number): Promise<string> {
  const id = `row-${index}`;
  const { held } = probe;
  if (held !== undefined) await db.insert(probed, { id, mark: 'before', ...held }, { if: notExists() });
  const result = await db.execute(statementOf(probe, id)).catch(refusalOf);
  const row = await db.get(probed, { id });
  const left = row === null ? 'no row' : `mark is '${row.mark}'`;
  if (isLWTError(result)) return `refused (${result.cause instanceof Error ? result.cause.message : result.message}), ${left}`;
  return `${result.applied ? 'applied' : 'not applied'}, ${left}`;
}

const statementOf = ({ condition }: Probe, id: string) => update(probed, { id }, { set: { mark: 'after' }, if: condition });

/** What the service does not take is an answer too; anything else ends the command. */
function refusalOf(error: unknown): LWTError {
  if (isLWTError(error) && error.code === 'rejected-by-server') return error;
  throw error;
}
