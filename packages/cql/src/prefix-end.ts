const lastCodePoint = 0x10ffff;
const lastAscii = 0x7f;
const lastByte = 0xff;

/**
 * The first value after all those that begin with a prefix, or `undefined` where nothing is greater:
 * `beginsWith(c, p)` is `c >= p AND c < prefixEnd(p)`.
 */
export function prefixEnd(kind: 'text' | 'ascii' | 'bytes', prefix: string | Uint8Array): string | Uint8Array | undefined {
  if (typeof prefix === 'string') return textEnd(prefix, kind === 'ascii' ? lastAscii : lastCodePoint);
  return bytesEnd(prefix);
}

function textEnd(prefix: string, last: number): string | undefined {
  const points = Array.from(prefix, (char) => char.codePointAt(0) ?? 0);
  while (points.at(-1) === last) points.pop();
  const final = points.pop();
  return final === undefined ? undefined : String.fromCodePoint(...points, afterCodePoint(final));
}

/** The next code point that UTF-8 can hold: surrogates are none. */
function afterCodePoint(point: number): number {
  return point === 0xd7ff ? 0xe000 : point + 1;
}

function bytesEnd(prefix: Uint8Array): Uint8Array | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === lastByte) length--;
  if (length === 0) return undefined;
  const end = prefix.slice(0, length);
  end[length - 1] = (end[length - 1] ?? 0) + 1;
  return end;
}
