import { randomUUID } from 'node:crypto';
import type { Row, Statement } from '@onlyif/core';
import { History, type Model, type Operation, type RowReply, rowRegister } from '@onlyif/testkit';
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
  readonly #tokens = new WeakMap<Statement, string>();

  constructor(subject: Subject) {
    super();
    this.subject = subject;
  }

  /** The row of the reference semantics, in which the write token that a statement stores is a value like any other. */
  get model(): Model<Row | null, Statement, RowReply> {
    return { ...rowRegister, step: (row, statement, reply) => rowRegister.step(row, this.#withToken(statement), reply) };
  }

  /** A write token of one's own, so that the model knows what a write stores; undefined where none is stored. */
  tokenFor(statement: Statement): string | undefined {
    if (this.subject.table.writeToken === undefined || !('set' in statement)) return undefined;
    const token = randomUUID();
    this.#tokens.set(statement, token);
    return token;
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

  #withToken(statement: Statement): Statement {
    const token = this.#tokens.get(statement);
    return token === undefined || !('set' in statement) ? statement : { ...statement, set: { ...statement.set, token } };
  }
}
