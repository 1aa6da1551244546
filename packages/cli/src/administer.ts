import { type Adapter, isLWTError, LWTError } from '@onlyif/core';

/** Changes a schema; what the driver throws becomes an `LWTError` with the code that the adapter gives it. */
export async function administer<T>(adapter: Adapter, change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (isLWTError(error)) throw error;
    const { code, retryable } = adapter.classify(error);
    const message = `A keyspace or table could not be made or dropped: ${firstLine(error)}`;
    throw new LWTError(code, message, { cause: error, retryable, dialect: adapter.dialect.name });
  }
}

/** Messages of cassandra-driver hold the stack of an inner error. */
function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.split('\n', 1)[0] as string;
}
