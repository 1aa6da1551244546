import { randomNumbers } from '../src/faults/random.ts';
import type { Model, Operation } from '../src/linearizability/index.ts';

export type Call =
  | { readonly kind: 'cas'; readonly from: number; readonly to: number }
  | { readonly kind: 'set'; readonly to: number }
  | { readonly kind: 'add' }
  | { readonly kind: 'read' };
/** Of a read the number, of others whether they were applied. */
export type Reply = number | boolean;
export type SmallOperation = Operation<Call, Reply>;

/** A register of the numbers 0 to 3. */
export const smallRegister: Model<number, Call, Reply> = {
  init: 0,
  step: (state, call, reply) => {
    const { reply: right, after } = run(state, call);
    return reply === undefined || reply === right ? { state: after } : undefined;
  },
  changesNothing: (call, reply) => call.kind === 'read' || reply === false,
  equal: Object.is,
};

export function run(state: number, call: Call): { readonly reply: Reply; readonly after: number } {
  if (call.kind === 'read') return { reply: state, after: state };
  if (call.kind === 'add') return { reply: true, after: (state + 1) % 4 };
  if (call.kind === 'set') return { reply: true, after: call.to };
  return call.from === state ? { reply: true, after: call.to } : { reply: false, after: state };
}

/** The definition of linearizability, word for word: every order is tried. For a handful of operations. */
export function hasOrder(operations: readonly SmallOperation[], state: number): boolean {
  if (operations.every(({ returned }) => returned === Infinity)) return true;
  return operations.some((operation) => {
    if (operations.some(({ returned }) => returned < operation.invoked)) return false;
    const stepped = smallRegister.step(state, operation.call, operation.reply);
    const others = operations.filter((other) => other !== operation);
    return stepped !== undefined && hasOrder(others, stepped.state);
  });
}

interface Running {
  readonly client: number;
  readonly call: Call;
  readonly invoked: number;
  reply?: Reply;
}

/** A correct register under concurrent clients: calls take effect at a moment of their own, some unknown ones late or never. */
export function simulate(seed: number, count: number, clients: number): readonly SmallOperation[] {
  const random = randomNumbers(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const operations: SmallOperation[] = [];
  const running = new Map<number, Running>();
  const late: Call[] = [];
  let [state, place] = [0, 0];
  const apply = (call: Call): Reply => {
    const { reply, after } = run(state, call);
    state = after;
    return reply;
  };
  while (operations.length < count) {
    const client = below(clients);
    const now = running.get(client);
    const lost = late.length > 0 && random() < 0.1 ? late.splice(below(late.length), 1) : [];
    lost.forEach(apply);
    if (now === undefined) running.set(client, { client, call: randomCall(below), invoked: place++ });
    else if (now.reply === undefined && random() < 0.1) {
      if (random() < 0.4) apply(now.call);
      else if (random() < 0.5) late.push(now.call);
      operations.push({ client, call: now.call, reply: undefined, invoked: now.invoked, returned: Infinity });
      running.delete(client);
    } else if (now.reply === undefined) now.reply = apply(now.call);
    else {
      operations.push({ client, call: now.call, reply: now.reply, invoked: now.invoked, returned: place++ });
      running.delete(client);
    }
  }
  const rest = [...running.values()].map(({ client, call, invoked }) => ({ client, call, reply: undefined, invoked, returned: Infinity }));
  return [...operations, ...rest];
}

function randomCall(below: (limit: number) => number): Call {
  const kind = below(5);
  if (kind === 0) return { kind: 'read' };
  if (kind === 1) return { kind: 'add' };
  return kind === 2 ? { kind: 'set', to: below(4) } : { kind: 'cas', from: below(4), to: below(4) };
}

/** The history with one thing wrong: a reply, a lost write, or two calls whose times are exchanged. */
export function mutate(operations: readonly SmallOperation[], seed: number): readonly SmallOperation[] {
  const random = randomNumbers(seed);
  const ended = operations.filter(({ returned }) => returned !== Infinity);
  const one = ended[Math.floor(random() * ended.length)];
  const two = ended[Math.floor(random() * ended.length)];
  if (one === undefined || two === undefined) return operations;
  const kind = random();
  if (kind < 0.4) return operations.map((each) => (each === one ? { ...one, reply: wrong(one.reply) } : each));
  if (kind < 0.7) return operations.filter((each) => each !== one || one.reply !== true);
  const at = ({ invoked, returned }: SmallOperation, operation: SmallOperation): SmallOperation => ({ ...operation, invoked, returned });
  return operations.map((each) => (each === one ? at(two, one) : each === two ? at(one, two) : each));
}

function wrong(reply: Reply | undefined): Reply {
  return typeof reply === 'number' ? (reply + 1) % 4 : reply !== true;
}
