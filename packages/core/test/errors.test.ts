import { errorCodes, isLWTError, LWTError, type LWTErrorCode } from '@onlyif/core';
import { describe, expect, test, vi } from 'vitest';
import { withContext } from '../src/errors.ts';

/** Design section 6: the closed list, and section 9: only these two leave it open. */
const outcomes: { readonly [C in LWTErrorCode]: 'not-applied' | 'unknown' } = {
  'invalid-statement': 'not-applied',
  'invalid-value': 'not-applied',
  unsupported: 'not-applied',
  'limit-exceeded': 'not-applied',
  'schema-mismatch': 'not-applied',
  'access-denied': 'not-applied',
  throttled: 'not-applied',
  unavailable: 'not-applied',
  contention: 'not-applied',
  conflict: 'not-applied',
  aborted: 'not-applied',
  closed: 'not-applied',
  protocol: 'unknown',
  'rejected-by-server': 'not-applied',
  'outcome-unknown': 'unknown',
};

describe('codes', () => {
  test('the list is closed and frozen', () => {
    expect(errorCodes).toEqual(outcomes);
    expect(Object.isFrozen(errorCodes)).toBe(true);
  });
  test.each(Object.entries(outcomes) as [LWTErrorCode, string][])('%s leaves the write %s', (code, outcome) => {
    expect(new LWTError(code, 'words')).toMatchObject({ code, outcome, retryable: false, attempts: 0, name: 'LWTError', message: 'words' });
  });
  test('an outcome that is given wins: a read never leaves a write open', () => {
    expect(new LWTError('protocol', 'words', { outcome: 'not-applied' }).outcome).toBe('not-applied');
  });
});

describe('the brand', () => {
  test('tells an LWTError of another copy of this package', async () => {
    vi.resetModules();
    const copy = await import('../src/errors.ts');
    expect(copy.LWTError).not.toBe(LWTError);
    const foreign = new copy.LWTError('closed', 'words');
    expect(foreign).not.toBeInstanceOf(LWTError);
    expect(isLWTError(foreign)).toBe(true);
    expect(copy.isLWTError(new LWTError('closed', 'words'))).toBe(true);
  });
  test.each([
    null,
    undefined,
    'LWTError',
    1,
    {},
    new Error('LWTError'),
    Object.assign(new Error('x'), { name: 'LWTError', code: 'closed' }),
  ])('%s is none', (value) => {
    expect(isLWTError(value)).toBe(false);
  });
});

describe('details', () => {
  test('an error without a cause has no property of that name', () => {
    expect('cause' in new LWTError('closed', 'words')).toBe(false);
    expect('cause' in new LWTError('closed', 'words', { cause: undefined })).toBe(true);
  });
  test('withContext keeps what the error knew and adds the call', () => {
    const cause = new Error('native');
    const bare = new LWTError('unsupported', 'words', { alternative: 'another way', cause, retryable: true });
    const placed = withContext(bare, { dialect: 'stub', attempts: 2 });
    expect(placed).toMatchObject({ code: 'unsupported', alternative: 'another way', cause, retryable: true, dialect: 'stub', attempts: 2 });
    expect(placed.stack).toBe(bare.stack);
    expect('cause' in withContext(new LWTError('closed', 'words'), {})).toBe(false);
  });
});
