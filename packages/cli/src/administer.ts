import { type Adapter, isLWTError, LWTError } from '@onlyif/core';

/** Changes a schema; what the driver throws becomes the `LWTError` that its adapter takes it for. */
export async function administer<T>(adapter: Adapter, change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (isLWTError(error)) throw error;
    const { code, message, retryable } = adapter.classify(error);
    throw new LWTError(code, message, { cause: error, retryable, dialect: adapter.dialect.name });
  }
}
