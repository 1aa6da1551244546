import type { CqlClient, CqlResult } from '@onlyif/keyspaces';

export interface Sent {
  readonly cql: string;
  readonly parameters: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** A stub of the driver's Client: it keeps what it was sent, and answers every request alike. */
export class StubCqlClient implements CqlClient {
  readonly sent: Sent[] = [];
  shutdowns = 0;
  readonly #answer: CqlResult;

  constructor(answer: CqlResult = { rows: [{ '[applied]': true }] }) {
    this.#answer = answer;
  }

  async execute(cql: string, parameters: unknown = [], options: object = {}): Promise<CqlResult> {
    this.sent.push({ cql, parameters: parameters as readonly unknown[], options: options as Sent['options'] });
    return this.#answer;
  }

  async shutdown(): Promise<void> {
    this.shutdowns++;
  }
}
