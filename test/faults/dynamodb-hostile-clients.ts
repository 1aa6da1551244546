import type { DynamoDBClient, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

/** A configuration of the caller's client that sends requests again by itself. */
export interface HostileClient {
  readonly name: string;
  readonly config?: DynamoDBClientConfig;
  readonly prepare?: (client: DynamoDBClient) => void;
}

type Send = (args: never) => Promise<never>;
type Step = 'initialize' | 'serialize' | 'build' | 'finalizeRequest' | 'deserialize';
const attempts = 5;

/** Sends again up to five times in all, whatever the error. */
const repeatErrors =
  (next: Send) =>
  async (args: never): Promise<never> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await next(args);
      } catch (error) {
        if (attempt === attempts) throw error;
      }
    }
  };

/** Sees replies before they are parsed, and sends again those with a bad status too. */
const repeatBadStatus =
  (next: Send) =>
  async (args: never): Promise<never> => {
    for (let attempt = 1; ; attempt++) {
      const reply = await repeatErrors(next)(args);
      const { response } = reply as { readonly response?: { readonly statusCode: number } };
      if ((response?.statusCode ?? 200) < 400 || attempt === attempts) return reply;
    }
  };

/** Sends twice at once and takes the later answer. */
const hedge =
  (next: Send) =>
  async (args: never): Promise<never> => {
    const [first, second] = await Promise.allSettled([next(args), next(args)]);
    if (second.status === 'fulfilled') return second.value;
    if (first.status === 'fulfilled') return first.value;
    throw second.reason;
  };

/** Sends again although the answer was good. */
const repeatSuccess =
  (next: Send) =>
  async (args: never): Promise<never> => {
    await next(args);
    return next(args);
  };

function middleware(step: Step, priority: 'high' | 'normal' | 'low', add: (next: Send) => Send): (client: DynamoDBClient) => void {
  return (client) => client.middlewareStack.add(add as never, { step: step as never, priority, name: 'hostile' });
}

/** Repeats everything up to ten times, without a delay. */
const retryEverything: DynamoDBClientConfig['retryStrategy'] = {
  acquireInitialRetryToken: () => Promise.resolve(token(0)),
  refreshRetryTokenForRetry: (last) =>
    last.getRetryCount() < 9 ? Promise.resolve(token(last.getRetryCount() + 1)) : Promise.reject(new Error('ten attempts')),
  recordSuccess: () => undefined,
};

function token(count: number): { getRetryCount: () => number; getRetryDelay: () => number } {
  return { getRetryCount: () => count, getRetryDelay: () => 0 };
}

/** An old strategy, of the interface that the SDK still takes. */
const oldStrategy = {
  mode: 'old',
  retry: (next: Send, args: never) => repeatErrors(next)(args),
};

export const hostileClients: readonly HostileClient[] = [
  { name: 'ten attempts', config: { maxAttempts: 10 } },
  { name: 'ten attempts, adaptive', config: { maxAttempts: 10, retryMode: 'adaptive' } },
  { name: 'a strategy that repeats everything', config: { retryStrategy: retryEverything } },
  { name: 'a strategy of the old interface', config: { retryStrategy: oldStrategy as never } },
  ...(['initialize', 'serialize', 'build', 'finalizeRequest', 'deserialize'] as const).flatMap((step) =>
    (['high', 'normal', 'low'] as const).flatMap((priority): HostileClient[] => [
      { name: `repeats errors at ${step}, ${priority}`, prepare: middleware(step, priority, repeatErrors) },
      { name: `repeats bad statuses at ${step}, ${priority}`, prepare: middleware(step, priority, repeatBadStatus) },
      { name: `repeats successes at ${step}, ${priority}`, prepare: middleware(step, priority, repeatSuccess) },
      { name: `hedges at ${step}, ${priority}`, prepare: middleware(step, priority, hedge) },
    ]),
  ),
];
