export { memory, type MemoryAdapter, type MemoryOptions } from './adapter.ts';
export { memoryDialect, type MemoryDialectOptions, type MemoryRequest } from './dialect.ts';
