import { type CqlToken, cqlTokens, isSymbol, isWord, splitOutside } from './cql-tokens.ts';

/** One member of a condition: `left operator right`. */
export interface CqlClause {
  /** The column's name. */
  readonly column: string;
  /** `'whole'`: the column; `'element'`: `c[…]`; `'field'`: `c.f`. */
  readonly part: 'whole' | 'element' | 'field';
  /** In upper case: `=`, `!=`, `<`, `IN`, `CONTAINS` … */
  readonly operator: string;
  readonly right: readonly CqlToken[];
  /** Which of the statement's markers the right side is, from 0; undefined where it is none. */
  readonly marker: number | undefined;
}

/** As much of a statement as the rules of the service ask about. */
export interface CqlStatement {
  readonly cql: string;
  readonly tokens: readonly CqlToken[];
  /** In upper case: `SELECT`, `UPDATE`, `CREATE` … */
  readonly verb: string;
  /** A write: INSERT, UPDATE, DELETE or a BATCH of them. */
  readonly isWrite: boolean;
  readonly table: { readonly keyspace: string | undefined; readonly name: string } | undefined;
  readonly conditional: boolean;
  /** Of UPDATE and DELETE; empty under `EXISTS`. */
  readonly condition: readonly CqlClause[];
}

const writes: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'BEGIN']);

export function parseStatement(cql: string): CqlStatement {
  const tokens = cqlTokens(cql);
  const verb = tokens[0]?.kind === 'word' ? tokens[0].text : '';
  const isWrite = writes.has(verb);
  const at = isWrite ? tokens.findIndex((token) => isWord(token, 'IF')) : -1;
  const clauses = at < 0 || verb === 'INSERT' || verb === 'BEGIN' ? [] : tokens.slice(at + 1);
  return { cql, tokens, verb, isWrite, table: tableOf(verb, tokens), conditional: at >= 0, condition: conditionOf(clauses, tokens) };
}

function conditionOf(clauses: readonly CqlToken[], tokens: readonly CqlToken[]): readonly CqlClause[] {
  if (clauses.length === 0 || isWord(clauses[0], 'EXISTS')) return [];
  return splitOutside(clauses, (token) => isWord(token, 'AND')).map((clause) => parseClause(clause, tokens));
}

const operators = ['IN', 'CONTAINS', 'LIKE', 'NOT'];

function parseClause(clause: readonly CqlToken[], tokens: readonly CqlToken[]): CqlClause {
  const at = clause.findIndex((token) => isSymbol(token, '=', '!=', '<', '<=', '>', '>=') || isWord(token, ...operators));
  const left = at < 0 ? clause : clause.slice(0, at);
  const right = at < 0 ? [] : clause.slice(at + 1);
  const [first] = right;
  const marker = right.length === 1 && first?.kind === 'marker' ? markerIndex(first, tokens) : undefined;
  return { column: left[0]?.identifier ?? '', part: partOf(left), operator: clause[at]?.text ?? '', right, marker };
}

function partOf(left: readonly CqlToken[]): CqlClause['part'] {
  if (isSymbol(left[1], '[')) return 'element';
  return isSymbol(left[1], '.') ? 'field' : 'whole';
}

function markerIndex(marker: CqlToken, tokens: readonly CqlToken[]): number {
  return tokens.filter((token) => token.kind === 'marker').indexOf(marker);
}

/** What stands in front of the name of a table, by verb. */
const introductions: Readonly<Record<string, readonly string[]>> = {
  SELECT: ['FROM'],
  DELETE: ['FROM'],
  INSERT: ['INTO'],
  UPDATE: ['UPDATE'],
  CREATE: ['TABLE'],
  ALTER: ['TABLE'],
  DROP: ['TABLE'],
};

function tableOf(verb: string, tokens: readonly CqlToken[]): CqlStatement['table'] {
  const at = tokens.findIndex((token) => isWord(token, ...(introductions[verb] ?? [])));
  if (at < 0) return undefined;
  const [first, dot, second] = tokens.slice(skipExists(tokens, at + 1));
  if (first === undefined) return undefined;
  return isSymbol(dot, '.') && second !== undefined
    ? { keyspace: first.identifier, name: second.identifier }
    : { keyspace: undefined, name: first.identifier };
}

/** Past `IF EXISTS` and `IF NOT EXISTS` of a definition. */
export function skipExists(tokens: readonly CqlToken[], at: number): number {
  if (!isWord(tokens[at], 'IF')) return at;
  return isWord(tokens[at + 1], 'NOT') ? at + 3 : at + 2;
}
