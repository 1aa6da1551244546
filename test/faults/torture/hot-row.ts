import { randomUUID } from 'node:crypto';
import type { Row, Statement } from '@onlyif/core';
import { History, type Operation, type RowReply } from '@onlyif/testkit';
import type { Subject } from './subject.ts';

/** One row and all that was done to it. */
export class HotRow extends History<Statement, RowReply> {
  readonly key: { readonly id: string } = { id: randomUUID() };
  readonly subject: Subject;
  /** As it was last seen by anyone. */
  seen: Row | null = null;
  /** Calls begun. */
  calls = 0;
  /** Calls whose outcome stayed open. */
  open = 0;

  constructor(subject: Subject) {
    super();
    this.subject = subject;
  }

  override async record(...call: Parameters<History<Statement, RowReply>['record']>): ReturnType<History<Statement, RowReply>['record']> {
    const ended = await super.record(...call);
    this.#see(ended?.reply);
    if (ended?.returned === Infinity) this.open++;
    return ended;
  }

  override add(operation: Operation<Statement, RowReply>): void {
    super.add(operation);
    this.#see(operation.reply);
  }

  #see(reply: RowReply | undefined): void {
    if (reply?.kind === 'read') this.seen = reply.row;
    else if (reply?.result.applied === false && 'existing' in reply.result) this.seen = reply.result.existing ?? null;
  }
}
