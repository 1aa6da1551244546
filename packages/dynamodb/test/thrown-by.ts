import { isLWTError, type LWTError } from '@onlyif/core';

/** The `LWTError` that a function throws; fails where it throws another error or none. */
export function thrownBy(make: () => unknown): LWTError {
  try {
    make();
  } catch (error) {
    if (isLWTError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
