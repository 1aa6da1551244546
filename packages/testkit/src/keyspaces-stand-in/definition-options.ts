import type { CqlStatement } from './cql-statement.ts';
import { type CqlToken, isSymbol, isWord, splitOutside } from './cql-tokens.ts';

/** A map constant of CQL, its scalars as texts. */
export type CqlMap = ReadonlyMap<string, string | CqlMap>;

/** One option behind WITH. */
export interface DefinitionOption {
  /** In upper case; `''` of what is not `name = …`, such as the clustering order. */
  readonly name: string;
  readonly value: CqlMap | undefined;
  readonly tokens: readonly CqlToken[];
}

/** The options of a definition, and what stands before them. */
export function definitionOptions({ cql, tokens }: CqlStatement): { readonly head: string; readonly options: readonly DefinitionOption[] } {
  const at = tokens.findIndex((token) => isWord(token, 'WITH'));
  const end = tokens.at(-1)?.end ?? 0;
  if (at < 0) return { head: cql.slice(0, end), options: [] };
  const options = splitOutside(tokens.slice(at + 1), (token) => isWord(token, 'AND')).map(option);
  return { head: cql.slice(0, tokens[at]?.start), options };
}

function option(tokens: readonly CqlToken[]): DefinitionOption {
  const [name, equals, ...value] = tokens;
  if (!isSymbol(equals, '=')) return { name: '', value: undefined, tokens };
  return { name: name?.identifier.toUpperCase() ?? '', value: isSymbol(value[0], '{') ? mapConstant(value) : undefined, tokens };
}

/** Of `{ key : value, … }`, its brackets included. */
function mapConstant(tokens: readonly CqlToken[]): CqlMap {
  const entries = splitOutside(tokens.slice(1, -1), (token) => isSymbol(token, ',')).filter((entry) => entry.length > 0);
  return new Map(
    entries.map(
      ([key, , ...value]) => [constant(key), isSymbol(value[0], '{') ? mapConstant(value) : value.map(constant).join('')] as const,
    ),
  );
}

function constant(token: CqlToken | undefined): string {
  if (token === undefined) return '';
  return token.kind === 'text' ? token.text.slice(1, -1).replaceAll("''", "'") : token.text;
}

/** The source text of an option. */
export function optionText({ cql }: CqlStatement, { tokens }: DefinitionOption): string {
  return cql.slice(tokens[0]?.start, tokens.at(-1)?.end);
}
