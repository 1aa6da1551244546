import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DutyCycle, startDutyCycle } from '../duty-cycle.ts';
import { untilClosed } from '../ports.ts';
import type { RunDirectory } from '../run-directory.ts';
import type { CassandraNode } from '../server.ts';
import { startProcess, untilReady, type ServerProcess } from '../server-process.ts';
import { cassandraYaml, type NodePlan } from './cassandra-yaml.ts';
import { answersCql } from './cql-probe.ts';
import { jvmArguments } from './jvm-arguments.ts';

export interface Installation {
  readonly java: string;
  readonly jars: string;
  readonly run: RunDirectory;
}

/** A node that has to hear from the seed before it joins needs longer than one that is alone. */
const ringDelayMs = (plan: NodePlan): number => (plan.index === 0 ? 100 : 1000);

/** Starts one node as a child process; resolves when it answers CQL. */
export async function startNode(plan: NodePlan, { java, jars, run }: Installation): Promise<CassandraNode> {
  const address = `${plan.host}:${plan.cluster.nativePort}`;
  const log = join(run.path, `node-${plan.index + 1}.log`);
  mkdirSync(plan.directory, { recursive: true });
  writeFileSync(join(plan.directory, 'cassandra.yaml'), cassandraYaml(plan));

  const launch = async (): Promise<ServerProcess> => {
    const args = jvmArguments(jars, plan.directory, ringDelayMs(plan));
    const started = startProcess({ file: java, args, log, run });
    await untilReady(`Cassandra on ${address}`, started, () => answersCql(address));
    return started;
  };

  let node = await launch();
  let endCycle = (): void => {};
  const pause = (): void => node.signal('SIGSTOP');
  const resume = (): void => node.signal('SIGCONT');
  const kill = async (): Promise<void> => {
    endCycle();
    await node.kill();
    await untilClosed(plan.host, plan.cluster.nativePort);
  };
  return {
    address,
    get pid() {
      return node.pid;
    },
    get running() {
      return node.running;
    },
    pause() {
      endCycle();
      pause();
    },
    resume() {
      endCycle();
      resume();
    },
    slow(cycle: DutyCycle) {
      endCycle();
      endCycle = startDutyCycle({ pause, resume }, cycle);
      return endCycle;
    },
    kill,
    async restart() {
      await kill();
      node = await launch();
    },
  };
}
