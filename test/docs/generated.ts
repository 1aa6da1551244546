import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { page, root } from './pages.ts';

/** The page with the parts between `<!-- generated: name -->` and `<!-- /generated -->` made anew, as prettier writes it. */
export async function regenerate(path: string, parts: { readonly [name: string]: string }): Promise<string> {
  const { text } = page(path);
  const found: string[] = [];
  const fresh = text.replaceAll(
    /(<!-- generated: ([\w-]+) -->)[^]*?(<!-- \/generated -->)/g,
    (_, start: string, name: string, end: string) => {
      found.push(name);
      return `${start}\n\n${parts[name] ?? ''}\n\n${end}`;
    },
  );
  const missing = Object.keys(parts).filter((name) => !found.includes(name));
  if (missing.length > 0) throw new Error(`${path} has no place for ${missing.join(', ')}`);
  return format(fresh, { ...(await resolveConfig(`${root}${path}`)), parser: 'markdown' });
}

/** Whether `npm run docs` asks for the pages to be written, not compared. */
export const writes: boolean = process.env['ONLYIF_DOCS'] === 'write';

export function write(path: string, text: string): void {
  writeFileSync(`${root}${path}`, text);
}

export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
