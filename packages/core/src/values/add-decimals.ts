import { parseDecimal } from './decimal.ts';

/** The exact sum of two decimals, as text in some notation. */
export function addDecimals(a: string, b: string): string {
  const [left, right] = [parseDecimal(a), parseDecimal(b)];
  if (left === undefined || right === undefined) throw new TypeError('not a decimal');
  const exponent = Math.min(left.exponent, right.exponent);
  const scaled = ({ negative, digits, exponent: power }: typeof left): bigint => {
    const value = BigInt(digits === '' ? 0 : digits) * 10n ** BigInt(power - exponent);
    return negative ? -value : value;
  };
  return `${scaled(left) + scaled(right)}e${exponent}`;
}
