import { errorCodes } from '@onlyif/core';
import { expect, test } from 'vitest';
import { page } from './pages.ts';

test('docs/errors-and-retries.md lists every code with its outcome, in the order of the code', () => {
  const rows = page('docs/errors-and-retries.md').text.matchAll(/^\| `([a-z-]+)` +\| (not applied|unknown) +\|/gm);
  const listed = Array.from(rows, ([, code, outcome]) => [code, outcome]);
  expect(listed).toEqual(Object.entries(errorCodes).map(([code, outcome]) => [code, outcome.replace('-', ' ')]));
});
