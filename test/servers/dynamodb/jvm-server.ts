import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findJava } from '../java.ts';
import { fetchArtefacts } from '../maven-artefacts.ts';
import { freePort, untilClosed } from '../ports.ts';
import { openRunDirectory, type RunDirectory } from '../run-directory.ts';
import { isSkipped, type DynamoDbServer, type Skipped } from '../server.ts';
import { startProcess, untilReady } from '../server-process.ts';
import { versionOf } from '../versions.ts';
import { answersDynamoDb } from './http-probe.ts';

const host = '127.0.0.1';

/** DynamoDB Local as a child process, in memory, on a port of its own. */
export async function startJvmServer(): Promise<DynamoDbServer | Skipped> {
  const java = await findJava([17, 21, 25]);
  if (isSkipped(java)) return java;
  const artefacts = await fetchArtefacts('dynamodb', versionOf('DYNAMODB_LOCAL_VERSION'));
  if (isSkipped(artefacts)) return artefacts;

  const run = openRunDirectory('dynamodb');
  const port = await freePort([host]);
  const endpoint = `http://${host}:${port}`;
  try {
    const server = startProcess({
      file: java.command,
      args: jvmArguments(artefacts.jars, port, run),
      log: join(run.path, 'server.log'),
      run,
    });
    await untilReady('DynamoDB Local', server, () => answersDynamoDb(endpoint));
    return {
      how: 'jvm',
      endpoint,
      async stop() {
        await server.kill();
        await untilClosed(host, port);
        await run.remove();
      },
    };
  } catch (error) {
    await run.remove();
    throw error;
  }
}

function jvmArguments(jars: string, port: number, run: RunDirectory): string[] {
  return [
    '-Xmx256m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    `-Djava.library.path=${jars}`,
    `-Djava.io.tmpdir=${run.path}`,
    '-cp',
    join(jars, '*'),
    fileURLToPath(new URL('LoopbackServer.java', import.meta.url)),
    '-inMemory',
    '-sharedDb',
    '-disableTelemetry',
    '-port',
    String(port),
  ];
}
