import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allPages, page, type Page, root } from './pages.ts';

const pages = allPages();
const link = /\]\(([^)\s]+)\)/g;
const path = /`((?:packages|test|scripts|docs|bench|\.github|\.ci)\/[^`\s*<…]*)`/g;
const script = /\bnpm run ([\w:-]+)/g;

function matches({ text }: Page, pattern: RegExp): readonly string[] {
  return Array.from(text.matchAll(pattern), ([, found = '']) => found);
}

describe.each(pages)('$path', (each) => {
  test('links to pages and headings that exist', () => {
    expect(matches(each, link).filter((target) => !/^https?:/.test(target) && !resolves(each, target))).toEqual([]);
  });

  test('names files that exist', () => {
    expect(matches(each, path).filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });

  test('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> };
    expect(matches(each, script).filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

test('README.md names the versions that the tests run on', () => {
  const pinned = readFileSync(`${root}versions.env`, 'utf8').matchAll(/^(?:\w+_VERSION|SCYLLA_IMAGE)=(?:.*:)?(.+)$/gm);
  const support = page('README.md').text.split('## Support')[1] ?? '';
  expect(Array.from(pinned, ([, version = '']) => version).filter((version) => !support.includes(version))).toEqual([]);
});

test('docs/rules.md holds every rule that code and tests name', () => {
  const { text } = page('docs/rules.md');
  const missing = sources().flatMap((file) =>
    Array.from(readFileSync(file, 'utf8').matchAll(/\bR\d{1,2}\b/g), ([rule]) => rule)
      .filter((rule) => !text.includes(`**${rule}**`))
      .map((rule) => `${rule} in ${file.slice(root.length)}`),
  );
  expect([...new Set(missing)]).toEqual([]);
});

function sources(): readonly string[] {
  return ['packages', 'test'].flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/(^|\/)(dist|node_modules)\//.test(name))
      .map((name) => `${root}${folder}/${name}`),
  );
}

function resolves({ path: from }: Page, target: string): boolean {
  const [file = '', heading] = target.split('#');
  const found = file === '' ? from : join(dirname(from), file);
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
