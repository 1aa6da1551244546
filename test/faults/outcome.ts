import { isLWTError, type LWTErrorCode } from '@onlyif/core';

/** What the caller of a write or read was told, in one word: a result, or the code of the error with what it says of the write. */
export type Told = 'applied' | 'rejected' | 'row' | 'no row' | `${LWTErrorCode}: ${'not-applied' | 'unknown'}`;

export async function told(call: Promise<unknown>): Promise<Told> {
  try {
    const result = await call;
    if (typeof result === 'object' && result !== null && 'applied' in result) return result.applied === true ? 'applied' : 'rejected';
    return result === null ? 'no row' : 'row';
  } catch (error) {
    if (!isLWTError(error)) throw error;
    return `${error.code}: ${error.outcome}`;
  }
}
