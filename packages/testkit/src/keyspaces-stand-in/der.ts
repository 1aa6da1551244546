/** One element of DER (X.690): its tag, its length, its contents. */
function element(tag: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  return Buffer.concat([Buffer.of(tag), length(body.length), body]);
}

function length(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.of(bytes);
  const digits = Buffer.from(bytes.toString(16).padStart(bytes > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.of(0x80 | digits.length), digits]);
}

/** The notations of DER that a certificate needs. */
export const der = {
  sequence: (...members: readonly Buffer[]): Buffer => element(0x30, ...members),
  set: (...members: readonly Buffer[]): Buffer => element(0x31, ...members),
  /** Of a positive number, its bytes. */
  integer: (bytes: Buffer): Buffer => element(0x02, ...((bytes[0] ?? 0) < 0x80 ? [bytes] : [Buffer.of(0), bytes])),
  boolean: (value: boolean): Buffer => element(0x01, Buffer.of(value ? 0xff : 0)),
  bitString: (bytes: Buffer, unusedBits = 0): Buffer => element(0x03, Buffer.of(unusedBits), bytes),
  octetString: (bytes: Buffer): Buffer => element(0x04, bytes),
  utf8String: (text: string): Buffer => element(0x0c, Buffer.from(text)),
  /** Until 2049, as RFC 5280 wants it. */
  utcTime: (at: Date): Buffer => element(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`)),
  explicit: (tag: number, inner: Buffer): Buffer => element(0xa0 | tag, inner),
  implicit: (tag: number, bytes: Buffer): Buffer => element(0x80 | tag, bytes),
  objectId(dotted: string): Buffer {
    const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
    return element(0x06, Buffer.of(first * 40 + second), ...rest.map(base128));
  },
} as const;

function base128(value: number): Buffer {
  const digits = [value & 0x7f];
  for (let left = value >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
  return Buffer.from(digits);
}
