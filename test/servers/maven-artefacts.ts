import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import type { Skipped } from './server.ts';

const cache = fileURLToPath(new URL('../../node_modules/.cache/onlyif/', import.meta.url));

export interface Artefacts {
  /** The folder that holds the jars and native libraries. */
  readonly jars: string;
}

/** The artefacts of `test/servers/<name>/pom.xml` at `version`, fetched by Maven the first time. */
export async function fetchArtefacts(name: string, version: string): Promise<Artefacts | Skipped> {
  const folder = join(cache, `${name}-${version}`);
  if (isComplete(folder)) return { jars: folder };
  await mkdir(cache, { recursive: true });
  const copy = await mkdtemp(`${folder}.part-`);
  try {
    await copyDependencies(name, version, copy);
    await writeFile(join(copy, '.complete'), '');
    await publish(copy, folder);
    return { jars: folder };
  } catch (error) {
    return { skipped: `jvm: cannot fetch ${name} ${version}: ${firstLine(error)}` };
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

function isComplete(folder: string): boolean {
  return existsSync(join(folder, '.complete'));
}

async function copyDependencies(name: string, version: string, to: string): Promise<void> {
  const pom = fileURLToPath(new URL(`${name}/pom.xml`, import.meta.url));
  const options = [`-D${name}.version=${version}`, '-DincludeScope=runtime', `-DoutputDirectory=${to}`];
  const args = ['-B', '-q', '-f', pom, 'dependency:copy-dependencies', ...options];
  await promisify(execFile)('mvn', args, { timeout: 600_000 });
}

/** Two runs may both have fetched: the rename that comes second fails, and finds the folder complete. */
async function publish(copy: string, folder: string): Promise<void> {
  if (!isComplete(folder)) await rm(folder, { recursive: true, force: true });
  await rename(copy, folder).catch((error: unknown) => {
    if (!isComplete(folder)) throw error;
  });
}

function firstLine(error: unknown): string {
  const { stdout, message } = error as Error & { stdout?: string };
  const told = (stdout ?? '').split('\n').find((line) => line.includes('ERROR'));
  return stripVTControlCharacters(told ?? message.split('\n')[0] ?? 'unknown');
}
