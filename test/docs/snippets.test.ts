import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { format, promisify } from 'node:util';
import type { Adapter } from '@onlyif/core';
import { describeAdapter } from '@onlyif/testkit';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { allPages, root } from './pages.ts';
import { type Snippet, snippetsOf } from './snippets.ts';

/** In the repository, so that packages resolve as they do for a reader; ignored by git, and one for each run. */
const folder = `${root}.cache/docs/${process.pid}/`;
const snippets = allPages().flatMap(snippetsOf);
writeSnippets();
afterAll(() => rmSync(folder, { recursive: true }));

const has = (directive: 'run' | 'suite') => (snippet: Snippet) => snippet.block.directives.includes(directive);
const load = ({ name }: Snippet): Promise<Record<string, unknown>> => import(`${folder}${name}`) as never;

describe('snippets of the documentation', () => {
  test('are valid TypeScript', { timeout: 120_000 }, async () => {
    expect(snippets.length).toBeGreaterThan(0);
    expect(await typeErrors()).toBe('');
  });

  test.each(snippets.filter(has('run')))('$name runs and prints what the page says', async (snippet) => {
    expect(await printedBy(snippet)).toBe(snippet.output ?? '');
  });
});

for (const snippet of snippets.filter(has('suite'))) {
  const { example } = await load(snippet);
  describeAdapter(`the example of ${snippet.name} (1 in 20)`, {
    sample: { oneIn: 20, seed: 1 },
    open: async () => {
      const adapter = (example as () => Adapter)();
      return { adapter, close: () => adapter.close() };
    },
  });
}

function writeSnippets(): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, code } of snippets) writeFileSync(`${folder}${name}`, code);
  const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false };
  writeFileSync(`${folder}tsconfig.json`, JSON.stringify({ extends: `${root}tsconfig.test.json`, compilerOptions, include: ['.'] }));
}

/** What the compiler says; the line numbers are those of the page. */
async function typeErrors(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', folder]);
    return stdout;
  } catch (error) {
    return String((error as { stdout?: string }).stdout ?? error);
  }
}

async function printedBy(snippet: Snippet): Promise<string> {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => void lines.push(`${format(...values)}\n`));
  try {
    await load(snippet);
  } finally {
    log.mockRestore();
  }
  return lines.join('');
}
