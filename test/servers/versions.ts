import { readFileSync } from 'node:fs';

const file = readFileSync(new URL('../../versions.env', import.meta.url), 'utf8');

const pinned = new Map(
  file
    .split('\n')
    .filter((line) => /^[A-Z_]+=/.test(line))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).trim()]),
);

/** The value of `name` in the environment, as in `docker compose`, or else in `versions.env`. */
export function versionOf(name: string): string {
  const value = process.env[name] ?? pinned.get(name);
  if (value === undefined) throw new Error(`versions.env names no ${name}`);
  return value;
}
