import { errorCodes } from '@onlyif/core';
import { expect, test } from 'vitest';
import { cqlErrors, cqlErrorTable, dynamoDbErrorTable } from './error-tables.ts';
import { regenerate, write, writes } from './generated.ts';
import { page } from './pages.ts';

const path = 'docs/errors-and-retries.md';

test('docs/errors-and-retries.md says what the adapters make of errors; npm run docs writes it anew', async () => {
  const fresh = await regenerate(path, { 'cql-errors': cqlErrorTable(), 'dynamodb-errors': dynamoDbErrorTable() });
  if (writes) write(path, fresh);
  expect(page(path).text).toBe(fresh);
});

test('docs/errors-and-retries.md lists every code with its outcome, in the order of the code', () => {
  const rows = page(path).text.matchAll(/^\| `([a-z-]+)` +\| (not applied|unknown) +\|/gm);
  const listed = Array.from(rows, ([, code, outcome]) => [code, outcome]);
  expect(listed).toEqual(Object.entries(errorCodes).map(([code, outcome]) => [code, outcome.replace('-', ' ')]));
});

test('docs/errors-and-retries.md has a row for every error code of the native protocol v4, section 9', () => {
  const codes = [
    0x0000, 0x000a, 0x0100, 0x1000, 0x1001, 0x1002, 0x1003, 0x1100, 0x1200, 0x1300, 0x1400, 0x1500, 0x2000, 0x2100, 0x2200, 0x2300, 0x2400,
    0x2500,
  ];
  const listed = new Set(cqlErrors.map(([, native]) => (native as { readonly code?: number }).code));
  expect(codes.filter((code) => !listed.has(code))).toEqual([]);
});
