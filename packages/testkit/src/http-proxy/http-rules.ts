import type { HttpFault, HttpMatch, HttpRule } from './http-fault.ts';

interface Watched {
  readonly rule: HttpRule;
  matched: number;
}

/** The rules of a proxy, in order: the first that matches and still acts decides. */
export class HttpRules {
  #rules: readonly Watched[] = [];

  set(rules: readonly HttpRule[]): void {
    this.#rules = rules.map((rule) => ({ rule, matched: 0 }));
  }

  faultFor(operation: string, body: string): HttpFault | undefined {
    for (const watched of this.#rules) {
      const { match = {}, skip = 0, times = Infinity } = watched.rule;
      if (!matches(match, operation, body)) continue;
      const turn = watched.matched++ - skip;
      if (turn >= 0 && turn < times) return watched.rule.do;
    }
    return undefined;
  }
}

function matches(match: HttpMatch, operation: string, body: string): boolean {
  if (match.operation !== undefined && !fits(match.operation, operation, (wanted) => wanted === operation)) return false;
  return match.body === undefined || fits(match.body, body, (wanted) => body.includes(wanted));
}

function fits(wanted: string | RegExp, text: string, same: (wanted: string) => boolean): boolean {
  return typeof wanted === 'string' ? same(wanted) : text.search(wanted) >= 0;
}
