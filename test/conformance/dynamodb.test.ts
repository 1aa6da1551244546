import { describeAdapter } from '@onlyif/testkit';
import { dynamodbBackend } from '../backends/backends.ts';

const backend = dynamodbBackend();
describeAdapter(backend.name, backend);
