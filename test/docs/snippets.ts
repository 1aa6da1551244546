import type { Page } from './pages.ts';

/** What an HTML comment right above a fenced block says of it. */
export type Directive = 'run' | 'continues' | 'output' | 'suite';

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** The line of the page, from 1, on which its content begins. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  readonly directives: readonly Directive[];
  /** The line and the text of the code that `<!-- given … -->` put before it. */
  readonly given: Code;
}

interface Code {
  readonly line: number;
  readonly text: string;
}

const nothing: Code = { line: 1, text: '' };
const known: readonly string[] = ['run', 'continues', 'output', 'suite'] satisfies Directive[];
const tokens = /^<!--([^]*?)-->|^( *)```([a-z]*)\n([^]*?)^\2```$/gm;

/**
 * The fenced blocks of a page. A comment above one says what is done with it:
 *
 * `<!-- run -->` executes it; `<!-- output -->` compares it with what the block before it printed;
 * `<!-- continues -->` puts the block before it in front; `<!-- suite -->` runs the conformance suite on its `example`;
 * `<!-- given … -->` holds code that stands before every later block of the page, until the next such comment.
 */
export function blocksOf({ path, text }: Page): readonly Block[] {
  const blocks: Block[] = [];
  let given = nothing;
  let directives: readonly Directive[] = [];
  let end = 0;
  for (const match of text.matchAll(tokens)) {
    const [whole, comment, , language = '', content = ''] = match;
    const line = lineAt(text, match.index);
    const adjacent = text.slice(end, match.index).trim() === '';
    end = match.index + whole.length;
    if (comment === undefined) {
      blocks.push({ page: path, line: line + 1, language, text: content, directives: adjacent ? directives : [], given });
      directives = [];
      continue;
    }
    const words = comment.trim();
    if (words === 'given') given = nothing;
    else if (words.startsWith('given\n')) given = { line: line + 1, text: comment.slice(comment.indexOf('\n') + 1) };
    else directives = parseDirectives(words);
  }
  return blocks;
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

function parseDirectives(words: string): readonly Directive[] {
  const parts = words.split(/,\s*/);
  return parts.every((part): part is Directive => known.includes(part)) ? parts : [];
}

/** A snippet as a module: every line stands on the line that it has on the page. */
export interface Snippet {
  readonly name: string;
  readonly block: Block;
  readonly code: string;
  /** What it prints, by the page; undefined where the page does not say. */
  readonly output: string | undefined;
}

/** The TypeScript blocks of a page as modules. */
export function snippetsOf(page: Page): readonly Snippet[] {
  const blocks = blocksOf(page);
  const snippets: Snippet[] = [];
  let before: readonly Code[] = [];
  for (const [i, block] of blocks.entries()) {
    if (block.language !== 'ts') continue;
    const parts = [...(block.directives.includes('continues') ? before : [block.given]), block];
    const next = blocks[i + 1];
    const output = next !== undefined && next.directives.includes('output') ? next.text : undefined;
    snippets.push({ name: `${page.path.replaceAll('/', '.')}.${block.line}.ts`, block, code: placed(parts), output });
    before = parts;
  }
  return snippets;
}

function placed(parts: readonly Code[]): string {
  const lines: string[] = [];
  for (const { line, text } of parts) for (const [i, content] of text.split('\n').entries()) lines[line - 1 + i] = content;
  return `${Array.from(lines, (content) => content ?? '').join('\n')}\nexport {};\n`;
}
