import { describeAdapter } from '@onlyif/testkit';
import { allBackends } from '../backends/backends.ts';

for (const backend of allBackends()) describeAdapter(backend.name, backend);
