import { connect, type Socket } from 'node:net';
import { type CqlFrame, encodeFrame, FrameSplitter } from './cql-frames.ts';
import type { CqlReply } from './cql-reply.ts';

/** Streams that no driver takes before 32,000 requests of one connection are under way. */
const firstOwnStream = 0x7fff;
const ownStreams = 256;

/** The proxy's connection to the server for one connection of a client; stream ids are kept one to one. */
export class CqlUpstream {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (reply: CqlReply) => void>();
  #nextOwn = 0;

  constructor(
    target: { readonly host: string; readonly port: number },
    onEvent: (frame: CqlFrame) => void,
    onClosed: (failed: boolean) => void,
  ) {
    this.#socket = connect(target);
    this.#socket.setNoDelay(true);
    const splitter = new FrameSplitter();
    let failed = false;
    this.#socket.on('data', (chunk: Buffer) => {
      try {
        for (const frame of splitter.push(chunk)) this.#receive(frame, onEvent);
      } catch {
        // No frames: nothing after it can be understood.
        this.#socket.resetAndDestroy();
      }
    });
    this.#socket.on('error', () => {
      failed = true;
    });
    this.#socket.on('close', () => onClosed(failed));
  }

  /** Sends a frame; its reply, which never comes where the connection ends before. */
  send(frame: CqlFrame): Promise<CqlReply> {
    return new Promise((resolve) => {
      this.#waiting.set(frame.stream, resolve);
      this.#socket.write(encodeFrame(frame));
    });
  }

  /** Asks the server something of the proxy's own. */
  ask(opcode: number, body: Buffer): Promise<CqlReply> {
    const stream = firstOwnStream - (this.#nextOwn++ % ownStreams);
    return this.send({ version: 4, flags: 0, stream, opcode, body });
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #receive(frame: CqlFrame, onEvent: (frame: CqlFrame) => void): void {
    if (frame.stream < 0) return onEvent(frame);
    const resolve = this.#waiting.get(frame.stream);
    this.#waiting.delete(frame.stream);
    resolve?.(frame);
  }
}
