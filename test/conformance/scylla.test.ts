import { describeAdapter } from '@onlyif/testkit';
import { scyllaBackend } from '../backends/backends.ts';

const backend = scyllaBackend();
describeAdapter(backend.name, backend);
