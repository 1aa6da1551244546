/** How often each of several things happened. */
export class Counts {
  readonly #counts: Map<string, number>;

  /** `names`: of what is to be seen also where it never happens. */
  constructor(names: readonly string[] = []) {
    this.#counts = new Map(names.map((name) => [name, 0]));
  }

  add(name: string, times = 1): void {
    this.#counts.set(name, this.of(name) + times);
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, each) => sum + each, 0);
  }

  /** What was expected and did not happen. */
  get missing(): readonly string[] {
    return [...this.#counts].filter(([, times]) => times === 0).map(([name]) => name);
  }

  describe(): string {
    return JSON.stringify(Object.fromEntries([...this.#counts].sort(([, a], [, b]) => b - a)));
  }
}
