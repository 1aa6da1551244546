// Ways of sending the same request, against the first of them; the last is the first once more.
import { median, ratios, repeat, rotated, spread } from './rounds.mjs';

const callsInSlice = 200;
const atATime = 8;

/** Prints what each side takes of this process's CPU and of time, as a ratio to the first. `sides`: functions by name, each of which sends one request. */
export async function measureSides(sides, limits) {
  const [[first, plain], ...others] = Object.entries(sides);
  const all = [[first, plain], ...others, [`${first} again`, plain]];
  const figures = all.map(() => []);
  for (const [, send] of all) await slice(send);
  await repeat(limits, async (round) => {
    for (const i of rotated([...all.keys()], round)) figures[i].push(await slice(all[i][1]));
  });
  for (const [what, of] of Object.entries({ 'CPU of this process': 'cpu', [`time, ${atATime} at once`]: 'wall' })) {
    const values = figures.map((each) => each.map((figure) => figure[of]));
    console.log(`  ${what}: ${first} ${median(values[0]).toFixed(0)} µs, ${values[0].length} rounds`);
    for (const [i, [name]] of all.entries()) if (i > 0) console.log(`    ${name.padEnd(24)}${spread(ratios(values[i], values[0]))}`);
  }
}

/** Microseconds a request: of this process's CPU, and of time. */
async function slice(send) {
  const started = performance.now();
  const cpu = process.cpuUsage();
  const work = async () => {
    for (let i = 0; i < callsInSlice / atATime; i++) await send();
  };
  await Promise.all(Array.from({ length: atATime }, work));
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: (user + system) / callsInSlice, wall: ((performance.now() - started) * 1000) / callsInSlice };
}

/** A context as the client gives it to an adapter, without a call around it. */
export const context = {
  signal: new AbortController().signal,
  remainingMs: () => 10_000,
  dispatched: () => {},
  native: undefined,
  requestToken: '',
};

export function applied(answer) {
  if (answer !== true) throw new Error('not applied');
}
