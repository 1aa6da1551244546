import { describeAdapter } from '@onlyif/testkit';
import { memoryBackend } from '../backends/backends.ts';

const backend = memoryBackend;
describeAdapter(backend.name, backend);
