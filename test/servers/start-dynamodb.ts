import { startContainer } from './docker.ts';
import { answersDynamoDb } from './dynamodb/http-probe.ts';
import { startJvmServer } from './dynamodb/jvm-server.ts';
import { firstWay } from './first-way.ts';
import { isSkipped, type DynamoDbServer, type Skipped } from './server.ts';
import { versionOf } from './versions.ts';

/** DynamoDB Local, or the DynamoDB of `ONLYIF_DYNAMODB_ENDPOINT`, from an address, a container or a JVM. */
export async function startDynamoDb(): Promise<DynamoDbServer | Skipped> {
  return firstWay([atAddress, inContainer, startJvmServer]);
}

async function atAddress(): Promise<DynamoDbServer | Skipped> {
  const endpoint = process.env['ONLYIF_DYNAMODB_ENDPOINT'];
  if (endpoint === undefined || endpoint === '') return { skipped: 'address: ONLYIF_DYNAMODB_ENDPOINT is not set' };
  if (!(await answersDynamoDb(endpoint))) throw new Error(`no DynamoDB answers at ${endpoint}`);
  return { how: 'address', endpoint, stop: async () => {} };
}

async function inContainer(): Promise<DynamoDbServer | Skipped> {
  const container = await startContainer({
    image: versionOf('DYNAMODB_LOCAL_IMAGE'),
    port: 8000,
    command: ['-Xmx256m', '-jar', 'DynamoDBLocal.jar', '-inMemory', '-sharedDb', '-disableTelemetry'],
    up: /Initializing DynamoDB Local/,
    greet: async (address) => {
      if (!(await answersDynamoDb(`http://${address}`))) throw new Error(`no DynamoDB answers at ${address}`);
    },
  });
  if (isSkipped(container)) return container;
  return { how: 'docker', endpoint: `http://${container.address}`, stop: () => container.stop() };
}
