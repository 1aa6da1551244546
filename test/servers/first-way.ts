import { isSkipped, type Server, type Skipped } from './server.ts';

/** One way to come by a server. It throws only if the server itself failed, not if the way is closed. */
export type Way<S extends Server> = () => Promise<S | Skipped>;

/** The server of the first way that is open, or the reasons why none is. */
export async function firstWay<S extends Server>(ways: readonly Way<S>[]): Promise<S | Skipped> {
  const passedOver: string[] = [];
  for (const way of ways) {
    const result = await way();
    if (!isSkipped(result)) return { ...result, passedOver };
    passedOver.push(result.skipped);
  }
  return { skipped: passedOver.join('; ') };
}
