import { type CqlToken, cqlTokens, depths, isSymbol, isWord, splitOutside } from './cql-tokens.ts';

/** One member of a condition or of a WHERE: `left operator right`. */
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
  /** What WHERE says; of INSERT, the values of its columns. */
  readonly where: readonly CqlClause[];
  /** The columns that an UPDATE adds to or takes from: `c = c + …`, `c += …`. */
  readonly sums: readonly string[];
}

const writes: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'BEGIN']);

export function parseStatement(cql: string): CqlStatement {
  const tokens = cqlTokens(cql);
  const verb = tokens[0]?.kind === 'word' ? tokens[0].text : '';
  const isWrite = writes.has(verb);
  const at = isWrite ? tokens.findIndex((token) => isWord(token, 'IF')) : -1;
  const condition = at < 0 || verb === 'INSERT' || verb === 'BEGIN' || isWord(tokens[at + 1], 'EXISTS') ? [] : tokens.slice(at + 1);
  return {
    cql,
    tokens,
    verb,
    isWrite,
    table: tableOf(verb, tokens),
    conditional: at >= 0,
    condition: clausesOf(condition, tokens),
    where: verb === 'INSERT' ? insertedOf(tokens) : clausesOf(whereOf(tokens), tokens),
    sums: verb === 'UPDATE' ? sumsOf(tokens) : [],
  };
}

function sumsOf(tokens: readonly CqlToken[]): readonly string[] {
  const at = tokens.findIndex((token) => isWord(token, 'SET'));
  const end = tokens.findIndex((token) => isWord(token, 'WHERE'));
  const assignments = splitOutside(tokens.slice(at + 1, end < 0 ? undefined : end), (token) => isSymbol(token, ','));
  const isSum = (assignment: readonly CqlToken[]): boolean => assignment.slice(1).some((token) => isSymbol(token, '+', '-'));
  return assignments.filter(isSum).map(([column]) => column?.identifier ?? '');
}

function clausesOf(clauses: readonly CqlToken[], tokens: readonly CqlToken[]): readonly CqlClause[] {
  if (clauses.length === 0) return [];
  return splitOutside(clauses, (token) => isWord(token, 'AND')).map((clause) => parseClause(clause, tokens));
}

/** The first WHERE, up to what may follow it. */
function whereOf(tokens: readonly CqlToken[]): readonly CqlToken[] {
  const at = tokens.findIndex((token) => isWord(token, 'WHERE'));
  if (at < 0) return [];
  const end = tokens.findIndex((token, i) => i > at && isWord(token, 'IF', 'GROUP', 'ORDER', 'PER', 'LIMIT', 'ALLOW'));
  return tokens.slice(at + 1, end < 0 ? undefined : end);
}

/** `INSERT INTO t (c, …) VALUES (v, …)` as `c = v`; none of INSERT JSON. */
function insertedOf(tokens: readonly CqlToken[]): readonly CqlClause[] {
  const at = tokens.findIndex((token) => isWord(token, 'VALUES'));
  const columns = parenthesised(
    tokens,
    tokens.findIndex((token) => isSymbol(token, '(')),
  );
  return parenthesised(tokens, at + 1).map((right, i) => ({
    column: columns[i]?.[0]?.identifier ?? '',
    part: 'whole',
    operator: '=',
    right,
    marker: markerOf(right, tokens),
  }));
}

/** The members of a list in parentheses that begins at a token; none where it does not. */
function parenthesised(tokens: readonly CqlToken[], at: number): readonly (readonly CqlToken[])[] {
  if (!isSymbol(tokens[at], '(')) return [];
  const inside = tokens.slice(at + 1);
  const depth = depths(inside);
  const end = inside.findIndex((token, i) => (depth[i] ?? 0) < 0 && isSymbol(token, ')'));
  return splitOutside(inside.slice(0, end), (token) => isSymbol(token, ','));
}

const operators = ['IN', 'CONTAINS', 'LIKE', 'NOT'];

function parseClause(clause: readonly CqlToken[], tokens: readonly CqlToken[]): CqlClause {
  const at = clause.findIndex((token) => isSymbol(token, '=', '!=', '<', '<=', '>', '>=') || isWord(token, ...operators));
  const left = at < 0 ? clause : clause.slice(0, at);
  const right = at < 0 ? [] : clause.slice(at + 1);
  return {
    column: left[0]?.identifier ?? '',
    part: partOf(left),
    operator: clause[at]?.text ?? '',
    right,
    marker: markerOf(right, tokens),
  };
}

function partOf(left: readonly CqlToken[]): CqlClause['part'] {
  if (isSymbol(left[1], '[')) return 'element';
  return isSymbol(left[1], '.') ? 'field' : 'whole';
}

function markerOf(right: readonly CqlToken[], tokens: readonly CqlToken[]): number | undefined {
  const [first] = right;
  if (right.length !== 1 || first?.kind !== 'marker') return undefined;
  return tokens.filter((token) => token.kind === 'marker').indexOf(first);
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
