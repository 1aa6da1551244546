import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Skipped } from './server.ts';

export interface Java {
  readonly command: string;
}

/** The Java of JAVA_HOME, or else of the path, if its major version is one of `majors`. */
export async function findJava(majors: readonly number[]): Promise<Java | Skipped> {
  const home = process.env['JAVA_HOME'];
  const command = home === undefined ? 'java' : join(home, 'bin', 'java');
  try {
    const { stderr } = await promisify(execFile)(command, ['-version']);
    const major = Number(/version "(\d+)/.exec(stderr)?.[1]);
    if (majors.includes(major)) return { command };
    return { skipped: `jvm: needs Java ${majors.join(' or ')}, found ${major}` };
  } catch {
    return { skipped: `jvm: no Java at '${command}'` };
  }
}
