import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const opened = [
  ...['lang', 'lang.module', 'lang.reflect', 'io', 'util', 'util.concurrent', 'util.concurrent.atomic', 'nio', 'net'].map(
    (name) => `java.base/java.${name}`,
  ),
  'java.base/sun.nio.ch',
  ...['loader', 'ref', 'reflect', 'math', 'module', 'util.jar'].map((name) => `java.base/jdk.internal.${name}`),
  'jdk.management/com.sun.management.internal',
];

const exported = [
  'java.base/jdk.internal.misc',
  'java.base/jdk.internal.ref',
  'java.base/sun.nio.ch',
  'java.base/java.lang.ref',
  'java.management.rmi/com.sun.jmx.remote.internal.rmi',
  ...['registry', 'server', 'transport.tcp'].map((name) => `java.rmi/sun.rmi.${name}`),
  'java.sql/java.sql',
  'jdk.unsupported/sun.misc',
  'jdk.compiler/com.sun.tools.javac.file',
  'jdk.attach/sun.tools.attach',
];

const small = ['-Xms256m', '-Xmx768m', '-Xss512k', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:+ExitOnOutOfMemoryError'];

const properties = {
  'jdk.attach.allowAttachSelf': 'true',
  'io.netty.tryReflectionSetAccessible': 'true',
  'cassandra-foreground': 'yes',
  'cassandra.skip_wait_for_gossip_to_settle': '0',
  'cassandra.superuser_setup_delay_ms': '0',
  'cassandra.disable_auth_caches_remote_configuration': 'true',
};

/** The arguments of `java` for one node whose `cassandra.yaml` lies in `directory`. */
export function jvmArguments(jars: string, directory: string, ringDelayMs: number): string[] {
  const own = {
    'cassandra.config': `file://${directory}/cassandra.yaml`,
    'cassandra.storagedir': directory,
    'cassandra.ring_delay_ms': String(ringDelayMs),
    'java.io.tmpdir': directory,
  };
  const agent = readdirSync(jars).find((name) => /^jamm-.*\.jar$/.test(name));
  if (agent === undefined) throw new Error(`no jamm jar in ${jars}`);
  return [
    ...small,
    ...opened.flatMap((name) => ['--add-opens', `${name}=ALL-UNNAMED`]),
    ...exported.flatMap((name) => ['--add-exports', `${name}=ALL-UNNAMED`]),
    `-javaagent:${join(jars, agent)}`,
    ...Object.entries({ ...properties, ...own }).map(([name, value]) => `-D${name}=${value}`),
    '-cp',
    [fileURLToPath(new URL('.', import.meta.url)), join(jars, '*')].join(':'),
    'org.apache.cassandra.service.CassandraDaemon',
  ];
}
