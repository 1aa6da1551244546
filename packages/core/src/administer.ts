import type { Adapter } from './adapter.ts';
import { firstLine, isLWTError, LWTError } from './errors.ts';

/** Work on a table or keyspace as a whole; what fails is an `LWTError` that begins with these words, and no row was written. */
export async function administer<T>(adapter: Pick<Adapter, 'classify' | 'dialect'>, failed: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isLWTError(error)) throw error;
    const { code, message, retryable } = adapter.classify(error);
    const isOpen = code === 'outcome-unknown' || code === 'protocol';
    throw new LWTError(isOpen ? 'unavailable' : code, `${failed} ${isOpen ? firstLine(error) : message}`, {
      cause: error,
      outcome: 'not-applied',
      dialect: adapter.dialect.name,
      retryable: isOpen || retryable,
    });
  }
}
