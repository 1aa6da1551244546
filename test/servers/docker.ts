import { isSkipped, type Skipped } from './server.ts';

export interface ContainerPlan {
  readonly image: string;
  readonly port: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  /** The line of the log that says the server is up. */
  readonly up: RegExp;
}

export interface Container {
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

const pullAndStartMs = 240_000;

/**
 * Starts a container; a daemon that is absent, cannot pull or cannot start it is a reason, not an error.
 * `ONLYIF_DOCKER=off` closes this way.
 */
export async function startContainer(plan: ContainerPlan): Promise<Container | Skipped> {
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

async function runContainer(plan: ContainerPlan): Promise<Container> {
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
  return {
    host: isLocal ? '127.0.0.1' : container.getHost(),
    port: container.getMappedPort(plan.port),
    stop: async () => void (await container.stop()),
  };
}

function reasonOf(image: string, error: unknown): Skipped {
  const message = error instanceof Error ? error.message : String(error);
  return { skipped: `docker: ${image}: ${message.split('\n')[0]}` };
}
