import type { Adapter, Answer, CallContext, Compiled, Row, Statement } from '@onlyif/core';
import { InjectedFault, type Fault, type ReadFault, type WriteFault } from './fault.ts';
import { falsifiesItself } from './falsifies-itself.ts';
import { FaultPlan, type Rates } from './fault-plan.ts';
import { detached, LateRequests } from './late-requests.ts';

export interface FaultOptions {
  /** The same seed and the same sequence of calls meet the same faults, whatever their timing. */
  readonly seed: number;
  /**
   * The share of writes, or of reads, that meet each fault: by default 0.03 each, and none where there is a script.
   * `'no-reply'`, which takes its time, comes only where it is named.
   */
  readonly rates?: Rates<Fault>;
  /** What the first writes meet, one after the other. */
  readonly script?: readonly (WriteFault | 'ok')[];
  /** What the first reads meet; completing reads and those of emulation count too. */
  readonly readScript?: readonly (ReadFault | 'ok')[];
  /** When late requests arrive, in milliseconds after the caller was told: 20 by default; `Infinity` waits for `faults.arrive()`. */
  readonly lateByMs?: number;
  /** How many writes in a row meet contention where chance brings it: 5 by default. */
  readonly storm?: number;
}

export interface InjectedCall {
  /** Which write, or which read, counted from 0. */
  readonly call: number;
  readonly fault: Fault;
  readonly statement: Statement;
}

/** What was injected, and what can be forced, while a test runs. */
export interface Faults {
  /** In the order of the calls. */
  readonly log: readonly InjectedCall[];
  /** The next writes meet these, one after the other; `'ok'` is none. */
  next(...faults: readonly (WriteFault | 'ok')[]): void;
  /** The next reads meet these. */
  nextReads(...faults: readonly (ReadFault | 'ok')[]): void;
  /** Late requests arrive now; returns when they are done. */
  arrive(): Promise<void>;
}

const defaultRate = 0.03;
const writeFaults: readonly WriteFault[] = [
  'unsent',
  'throttled',
  'contention',
  'lost-request',
  'late-request',
  'lost-reply',
  'no-reply',
  'cas-timeout',
  'cas-timeout-applied',
  'duplicate-reply',
  'duplicate-request',
];
const readFaults: readonly ReadFault[] = ['failed-read'];

/** The calls of an adapter with faults. */
export class Faulty implements Faults {
  readonly log: InjectedCall[] = [];
  readonly #adapter: Adapter;
  readonly #writes: FaultPlan<WriteFault>;
  readonly #reads: FaultPlan<ReadFault>;
  readonly #late = new LateRequests();
  readonly #lateByMs: number;
  #written = 0;
  #read = 0;

  constructor(adapter: Adapter, { seed, rates, script, readScript, lateByMs = 20, storm = 5 }: FaultOptions) {
    this.#adapter = adapter;
    const byDefault = script === undefined && readScript === undefined && rates === undefined;
    const ratesOf = <F extends Fault>(faults: readonly F[]): Rates<F> =>
      Object.fromEntries(
        faults.map((fault) => [fault, rates?.[fault] ?? (byDefault && fault !== 'no-reply' ? defaultRate : 0)]),
      ) as Rates<F>;
    this.#writes = new FaultPlan(script ?? [], ratesOf(writeFaults), seed, storm);
    // Reads of their own numbers: how many there are may depend on timing.
    this.#reads = new FaultPlan(readScript ?? [], ratesOf(readFaults), ~seed, 1);
    this.#lateByMs = lateByMs;
  }

  next(...faults: readonly (WriteFault | 'ok')[]): void {
    this.#writes.force(faults);
  }

  nextReads(...faults: readonly (ReadFault | 'ok')[]): void {
    this.#reads.force(faults);
  }

  arrive(): Promise<void> {
    return this.#late.arrive();
  }

  async execute(compiled: Compiled, context: CallContext): Promise<Answer> {
    const call = this.#written++;
    const planned = this.#writes.next();
    if (planned === 'ok') return this.#adapter.execute(compiled, context);
    const fault = planned === 'duplicate-request' && !falsifiesItself(compiled.statement) ? 'duplicate-reply' : planned;
    this.log.push({ call, fault, statement: compiled.statement });
    return this.#injected[fault](compiled, context);
  }

  async read(compiled: Compiled, context: CallContext): Promise<Row | null> {
    const call = this.#read++;
    if (this.#reads.next() === 'ok') return this.#adapter.read(compiled, context);
    this.log.push({ call, fault: 'failed-read', statement: compiled.statement });
    context.dispatched();
    throw new InjectedFault('failed-read');
  }

  async close(): Promise<void> {
    await this.#late.drop();
    await this.#adapter.close();
  }

  readonly #injected: { readonly [F in WriteFault]: (compiled: Compiled, context: CallContext) => Promise<Answer> } = {
    unsent: async () => {
      throw new InjectedFault('unsent');
    },
    throttled: async (_, context) => refused('throttled', context),
    contention: async (_, context) => refused('contention', context),
    'lost-request': async (_, context) => refused('lost-request', context),
    'late-request': async (compiled, context) => {
      context.dispatched();
      const later = detached(context);
      this.#late.add(() => this.#adapter.execute(compiled, later), this.#lateByMs);
      throw new InjectedFault('late-request');
    },
    'lost-reply': (compiled, context) => this.#unheard('lost-reply', compiled, context),
    'no-reply': async (compiled, context) => {
      await this.#do(compiled, context);
      return new Promise(() => undefined);
    },
    'cas-timeout': async (_, context) => refused('cas-timeout', context),
    'cas-timeout-applied': (compiled, context) => this.#unheard('cas-timeout-applied', compiled, context),
    'duplicate-reply': (compiled, context) => this.#adapter.execute(compiled, context),
    'duplicate-request': async (compiled, context) => {
      const again = detached(context);
      const first = await this.#adapter.execute(compiled, context);
      const second = await this.#adapter.execute(compiled, again).catch(() => first);
      return showsOwnToken(second, compiled.statement) ? second : first;
    },
  };

  /** Whatever the server answers is lost. */
  async #unheard(fault: 'lost-reply' | 'cas-timeout-applied', compiled: Compiled, context: CallContext): Promise<never> {
    await this.#do(compiled, context);
    throw new InjectedFault(fault);
  }

  /** Sends a request of whose answer nobody hears; throws where it was never sent, and there was no answer to lose. */
  async #do(compiled: Compiled, context: CallContext): Promise<void> {
    let sent = false;
    const watched: CallContext = {
      native: context.native,
      requestToken: context.requestToken,
      get signal() {
        return context.signal;
      },
      remainingMs: () => context.remainingMs(),
      dispatched: () => {
        context.dispatched();
        sent = true;
      },
    };
    try {
      await this.#adapter.execute(compiled, watched);
    } catch (error) {
      if (!sent) throw error;
    }
  }
}

function refused(fault: 'throttled' | 'contention' | 'lost-request' | 'cas-timeout', context: CallContext): never {
  context.dispatched();
  throw new InjectedFault(fault);
}

/** Whether a rejection shows the row that the write itself left. */
function showsOwnToken(answer: Answer, statement: Statement): boolean {
  const token = statement.table.writeToken?.name;
  if (answer.applied || answer.known === 'nothing' || token === undefined || !('set' in statement)) return false;
  const shown = answer.known === 'row' ? answer.row : answer.columns;
  return statement.set[token] !== undefined && shown?.[token] === statement.set[token];
}
