/** A decimal number as its digits and the power of ten of the last digit: `-1.5` is `-15 × 10^-1`. */
export interface DecimalParts {
  readonly negative: boolean;
  /** Without leading or trailing zeros; empty for zero. */
  readonly digits: string;
  readonly exponent: number;
}

/** Digits in the longest plain decimal that is taken or given: more is a mistake, not a number. */
export const maxDecimalDigits = 1000;

const pattern = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,9}))?$/;

export function parseDecimal(text: string): DecimalParts | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', power = '0'] = match;
  return decimalParts(sign === '-', whole + fraction, Number(power) - fraction.length);
}

export function decimalParts(negative: boolean, allDigits: string, exponent: number): DecimalParts {
  let start = 0;
  let end = allDigits.length;
  while (start < end && allDigits[start] === '0') start++;
  while (end > start && allDigits[end - 1] === '0') end--;
  const digits = allDigits.slice(start, end);
  if (digits === '') return { negative: false, digits, exponent: 0 };
  return { negative, digits, exponent: exponent + allDigits.length - end };
}

/** Plain decimal text without exponent or trailing zeros, or `undefined` where that would be absurdly long. */
export function formatDecimal({ negative, digits, exponent }: DecimalParts): string | undefined {
  if (digits === '') return '0';
  if (Math.max(digits.length, digits.length + exponent, -exponent) > maxDecimalDigits) return undefined;
  return (negative ? '-' : '') + plainDigits(digits, exponent);
}

function plainDigits(digits: string, exponent: number): string {
  if (exponent >= 0) return digits + '0'.repeat(exponent);
  const point = digits.length + exponent;
  if (point > 0) return `${digits.slice(0, point)}.${digits.slice(point)}`;
  return `0.${'0'.repeat(-point)}${digits}`;
}

/** Canonical text of a decimal in any common notation; `undefined` for what is not one. */
export function canonicalDecimal(text: string): string | undefined {
  const parts = parseDecimal(text);
  return parts && formatDecimal(parts);
}

/** Compares two canonical decimals by value. */
export function compareDecimals(a: string, b: string): number {
  if (a === b) return 0;
  const negative = a.startsWith('-');
  if (negative !== b.startsWith('-')) return negative ? -1 : 1;
  const order = comparePlain(negative ? a.slice(1) : a, negative ? b.slice(1) : b);
  return negative ? -order : order;
}

function comparePlain(a: string, b: string): number {
  const [wholeA = '', fractionA = ''] = a.split('.');
  const [wholeB = '', fractionB = ''] = b.split('.');
  if (wholeA.length !== wholeB.length) return wholeA.length - wholeB.length;
  if (wholeA !== wholeB) return wholeA < wholeB ? -1 : 1;
  if (fractionA === fractionB) return 0;
  return fractionA < fractionB ? -1 : 1;
}
