import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allPages, type Page, root } from './pages.ts';

const pages = allPages();
const link = /\]\(([^)\s]+)\)/g;
const path = /`((?:packages|test|scripts|docs|bench|\.github|\.ci)\/[^`\s*<…]*)`/g;
const script = /\bnpm run ([\w:-]+)/g;

function matches({ text }: Page, pattern: RegExp): readonly string[] {
  return Array.from(text.matchAll(pattern), ([, found = '']) => found);
}

describe.each(pages)('$path', (page) => {
  test('links to pages and headings that exist', () => {
    expect(matches(page, link).filter((target) => !/^https?:/.test(target) && !resolves(page, target))).toEqual([]);
  });

  test('names files that exist', () => {
    expect(matches(page, path).filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });

  test('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> };
    expect(matches(page, script).filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

function resolves(page: Page, target: string): boolean {
  const [file = '', heading] = target.split('#');
  const found = file === '' ? page.path : join(dirname(page.path), file);
  if (!existsSync(join(root, found))) return false;
  return heading === undefined || headings(readFileSync(join(root, found), 'utf8')).includes(heading);
}

/** The anchors of a page: lower case, without punctuation, dashes for spaces. */
function headings(text: string): readonly string[] {
  return Array.from(text.matchAll(/^#+ (.+)$/gm), ([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
