/** Reads the notations of the native protocol v4, section 3, from a frame's body; a RangeError where it is too short. */
export class BodyReader {
  readonly #body: Buffer;
  #at = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  bytesLeft(): number {
    return this.#body.length - this.#at;
  }

  take(length: number): Buffer {
    if (length < 0 || length > this.bytesLeft()) throw new RangeError(`${length} bytes wanted, ${this.bytesLeft()} left`);
    this.#at += length;
    return this.#body.subarray(this.#at - length, this.#at);
  }

  /** The bytes that `read` goes over. */
  taken(read: () => void): Buffer {
    const start = this.#at;
    read();
    return this.#body.subarray(start, this.#at);
  }

  byte(): number {
    return this.take(1).readUInt8();
  }

  short(): number {
    return this.take(2).readUInt16BE();
  }

  int(): number {
    return this.take(4).readInt32BE();
  }

  string(): string {
    return this.take(this.short()).toString('utf8');
  }

  longString(): string {
    return this.take(this.int()).toString('utf8');
  }

  shortBytes(): Buffer {
    return this.take(this.short());
  }

  /** A `[value]`: null for the length −1, undefined for −2, which is "not set". */
  value(): Buffer | null | undefined {
    const length = this.int();
    if (length === -1) return null;
    return length < 0 ? undefined : this.take(length);
  }

  stringList(): readonly string[] {
    return Array.from({ length: this.short() }, () => this.string());
  }

  stringMultimap(): ReadonlyMap<string, readonly string[]> {
    return new Map(Array.from({ length: this.short() }, () => [this.string(), this.stringList()] as const));
  }

  skipBytesMap(): void {
    for (let left = this.short(); left > 0; left--) {
      this.string();
      this.value();
    }
  }
}

/** Writes the same notations. */
export const write = {
  byte: (value: number): Buffer => Buffer.of(value),
  short(value: number): Buffer {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16BE(value);
    return bytes;
  },
  int(value: number): Buffer {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  },
  string: (text: string): Buffer => Buffer.concat([write.short(Buffer.byteLength(text)), Buffer.from(text)]),
  longString: (text: string): Buffer => Buffer.concat([write.int(Buffer.byteLength(text)), Buffer.from(text)]),
  shortBytes: (bytes: Buffer): Buffer => Buffer.concat([write.short(bytes.length), bytes]),
  value(bytes: Buffer | null | undefined): Buffer {
    if (bytes === null) return write.int(-1);
    return bytes === undefined ? write.int(-2) : Buffer.concat([write.int(bytes.length), bytes]);
  },
  stringList: (texts: readonly string[]): Buffer => Buffer.concat([write.short(texts.length), ...texts.map(write.string)]),
  stringMultimap: (map: ReadonlyMap<string, readonly string[]>): Buffer =>
    Buffer.concat([
      write.short(map.size),
      ...Array.from(map, ([name, texts]) => Buffer.concat([write.string(name), write.stringList(texts)])),
    ]),
};
