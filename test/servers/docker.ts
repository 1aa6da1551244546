import { retrying } from './cassandra/cql-probe.ts';
import { isSkipped, type Skipped } from './server.ts';

export interface ContainerPlan<T> {
  readonly image: string;
  readonly port: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  /** The line of the log that says the server is up. */
  readonly up: RegExp;
  /** Asked at `host:port` until it does not throw: a log can say so before the port answers. */
  readonly greet: (address: string) => Promise<T>;
}

export interface Container<T> {
  /** `host:port`. */
  readonly address: string;
  /** What `greet` gave. */
  readonly greeting: T;
  stop(): Promise<void>;
}

const pullAndStartMs = 240_000;
const greetMs = 30_000;

/**
 * Starts a container; a daemon that is absent, cannot pull or cannot start it is a reason, not an error.
 * `ONLYIF_DOCKER=off` closes this way.
 */
export async function startContainer<T>(plan: ContainerPlan<T>): Promise<Container<T> | Skipped> {
  if (process.env['ONLYIF_DOCKER'] === 'off') return { skipped: 'docker: ONLYIF_DOCKER is off' };
  const starting = runContainer(plan).catch((error: unknown) => reasonOf(plan.image, error));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Skipped>((resolve) => {
    const skipped = `docker: ${plan.image} is not up after ${pullAndStartMs} ms`;
    timer = setTimeout(() => resolve({ skipped }), pullAndStartMs);
  });
  const result = await Promise.race([starting, late]);
  clearTimeout(timer);
  if (isSkipped(result)) void starting.then((started) => (isSkipped(started) ? undefined : started.stop()));
  return result;
}

async function runContainer<T>(plan: ContainerPlan<T>): Promise<Container<T>> {
  const { GenericContainer, Wait, getContainerRuntimeClient } = await import('testcontainers');
  const { info } = await getContainerRuntimeClient();
  const isLocal = ['localhost', '127.0.0.1'].includes(info.containerRuntime.host);

  class LoopbackContainer extends GenericContainer {
    // testcontainers publishes on every interface and has no option for it.
    protected override async beforeContainerCreated(): Promise<void> {
      const bindings: readonly { HostIp?: string }[][] = Object.values(this.hostConfig.PortBindings ?? {});
      if (isLocal) for (const binding of bindings.flat()) binding.HostIp = '127.0.0.1';
    }
  }

  const definition = new LoopbackContainer(plan.image)
    .withExposedPorts(plan.port)
    .withEnvironment({ ...plan.environment })
    .withWaitStrategy(Wait.forLogMessage(plan.up))
    .withStartupTimeout(120_000);
  if (plan.command !== undefined) definition.withCommand([...plan.command]);
  const container = await definition.start();
  const stop = async (): Promise<void> => void (await container.stop());
  const address = `${isLocal ? '127.0.0.1' : container.getHost()}:${container.getMappedPort(plan.port)}`;
  try {
    return { address, greeting: await retrying(() => plan.greet(address), greetMs), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function reasonOf(image: string, error: unknown): Skipped {
  const message = error instanceof Error ? error.message : String(error);
  return { skipped: `docker: ${image}: ${message.split('\n')[0]}` };
}
