import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, type TranslateConfig } from '@aws-sdk/lib-dynamodb';
import { describeAdapter } from '@onlyif/testkit';
import { dynamodbBackend, localDynamoDb } from '../backends/backends.ts';
import { sampleTitle, variantSample } from './sampling.ts';

const translations: { readonly [name: string]: TranslateConfig } = {
  'default options': {},
  'options that lose data': {
    marshallOptions: {
      removeUndefinedValues: true,
      convertEmptyValues: true,
      convertClassInstanceToMap: true,
      convertTopLevelContainer: true,
    },
    unmarshallOptions: { wrapNumbers: true, convertWithoutMapWrapper: true },
  },
};

for (const [name, translation] of Object.entries(translations)) {
  const backend = dynamodbBackend(`dynamodb, document client with ${name} (${sampleTitle})`, (endpoint) => ({
    client: DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, ...localDynamoDb }), translation),
  }));
  describeAdapter(backend.name, { ...backend, sample: variantSample });
}

const eager = dynamodbBackend(`dynamodb, a caller's client with ten attempts (${sampleTitle})`, (endpoint) => ({
  client: new DynamoDBClient({ endpoint, ...localDynamoDb, maxAttempts: 10, retryMode: 'adaptive' }),
}));
describeAdapter(eager.name, { ...eager, sample: variantSample });

const transactional = dynamodbBackend(`dynamodb, exactlyOnce: 'transaction' (${sampleTitle})`, (endpoint) => ({
  endpoint,
  ...localDynamoDb,
  exactlyOnce: 'transaction',
}));
describeAdapter(transactional.name, { ...transactional, sample: variantSample });
