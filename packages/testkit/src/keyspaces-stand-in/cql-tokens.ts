/** One word of CQL. A `name` is an identifier, a `text` any quoted or bare constant that is no word. */
export interface CqlToken {
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'marker' | 'symbol';
  /** Of a word in upper case, as the keyword that it may be; of a name without its quotes. */
  readonly text: string;
  /** The identifier that it would be: a word in lower case, a name as it is. */
  readonly identifier: string;
  readonly start: number;
  readonly end: number;
}

const pattern =
  /(?<space>\s+|--[^\n]*|\/\/[^\n]*|\/\*[^]*?\*\/)|(?<text>\$\$[^]*?\$\$|'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*")|(?<marker>\?|:\w+)|(?<number>-?\d[\w.+-]*)|(?<word>[A-Za-z_]\w*)|(?<symbol><=|>=|!=|[^])/gy;

const kinds = ['text', 'name', 'marker', 'number', 'word', 'symbol'] as const;

/** The tokens of a statement, without space, comments and the last semicolon. */
export function cqlTokens(cql: string): readonly CqlToken[] {
  const tokens: CqlToken[] = [];
  for (const { 0: found, index, groups = {} } of cql.matchAll(pattern)) {
    const kind = kinds.find((each) => groups[each] !== undefined);
    if (kind === undefined) continue;
    const bare = kind === 'name' ? found.slice(1, -1).replaceAll('""', '"') : found;
    tokens.push({
      kind,
      text: kind === 'word' ? found.toUpperCase() : bare,
      identifier: kind === 'word' ? found.toLowerCase() : bare,
      start: index,
      end: index + found.length,
    });
  }
  while (isSymbol(tokens.at(-1), ';')) tokens.pop();
  return tokens;
}

export function isWord(token: CqlToken | undefined, ...texts: readonly string[]): boolean {
  return token?.kind === 'word' && texts.includes(token.text);
}

export function isSymbol(token: CqlToken | undefined, ...texts: readonly string[]): boolean {
  return token?.kind === 'symbol' && texts.includes(token.text);
}

/** How deep each token lies in brackets; a bracket lies as deep as what is around it. */
export function depths(tokens: readonly CqlToken[]): readonly number[] {
  let depth = 0;
  return tokens.map((token) => {
    if (isSymbol(token, ')', ']', '}')) depth--;
    const here = depth;
    if (isSymbol(token, '(', '[', '{')) depth++;
    return here;
  });
}

/** Cuts at the tokens of the outermost level that `at` names. */
export function splitOutside(tokens: readonly CqlToken[], at: (token: CqlToken) => boolean): readonly (readonly CqlToken[])[] {
  const depth = depths(tokens);
  const parts: CqlToken[][] = [[]];
  tokens.forEach((token, i) => {
    if (depth[i] === 0 && at(token)) parts.push([]);
    else parts.at(-1)?.push(token);
  });
  return parts;
}
