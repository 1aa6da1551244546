import { describeAdapter } from '@onlyif/testkit';
import { cassandraBackend } from '../backends/backends.ts';

const backend = cassandraBackend();
describeAdapter(backend.name, backend);
