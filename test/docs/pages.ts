import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compareText } from '@onlyif/core';

export const root: string = fileURLToPath(new URL('../../', import.meta.url));

/** A page of the documentation, by its path from the root of the repository. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** Every page: those of the root and of `docs`, in a fixed order. */
export function allPages(): readonly Page[] {
  const pages = readdirSync(root).filter((name) => name.endsWith('.md'));
  const docs = existsSync(`${root}docs`) ? readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' }) : [];
  const below = docs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
  return [...pages, ...below].sort(compareText).map(page);
}

export function page(path: string): Page {
  return { path, text: readFileSync(`${root}${path}`, 'utf8') };
}
