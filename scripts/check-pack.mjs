// Packs every package as it would be published, installs the tarballs in an empty project without any driver,
// and uses them by import, by require and by their types.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = fileURLToPath(new URL('..', import.meta.url));
const directories = readdirSync(join(root, 'packages'));
const project = mkdtempSync(join(tmpdir(), 'onlyif-pack-'));
const run = (command, args, cwd = project) => execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

async function lintManifests() {
  for (const directory of directories) {
    const { messages, pkg } = await publint({ pkgDir: join(root, 'packages', directory), strict: true });
    // The condition points at the sources, for tests without a build.
    const found = messages.filter(({ code }) => code !== 'EXPORTS_TYPES_SHOULD_BE_FIRST').map((message) => formatMessage(message, pkg));
    if (found.length > 0) throw new Error(`${pkg.name}: ${found.join('; ')}`);
  }
}

function installTarballs() {
  run('npm', ['pack', '--silent', '--workspaces', '--pack-destination', project], root);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  // The command line brings drivers along; the libraries must do without.
  const tarballs = readdirSync(project).filter((name) => name.endsWith('.tgz') && !/^onlyif-\d/.test(name));
  run('npm', ['install', '--silent', '--no-audit', '--no-fund', '--legacy-peer-deps', ...tarballs.map((name) => `./${name}`)]);
}

const use = `
const table = defineTable('orders', { columns: { id: text(), n: int() }, partitionKey: ['id'] });
const statement = update(table, { id: 'a' }, { set: { n: 2 }, if: eq(table.columns.n, 1) });
const verdicts = portability(statement, [cassandraDialect(), keyspacesDialect(), dynamodbDialect(), memoryDialect()]).map(({ verdict }) => verdict);
if (verdicts.join() !== 'native,native,native,native') throw new Error(verdicts.join());
startKeyspacesStandIn({ target: '127.0.0.1:9042' }).then((standIn) => standIn.close());
`;
const names = {
  '@onlyif/core': 'defineTable, eq, int, portability, text, update',
  '@onlyif/cassandra': 'cassandraDialect',
  '@onlyif/keyspaces': 'keyspacesDialect',
  '@onlyif/dynamodb': 'dynamodbDialect',
  '@onlyif/memory': 'memoryDialect',
  '@onlyif/testkit/keyspaces': 'startKeyspacesStandIn',
};
const each = (format) =>
  Object.entries(names)
    .map(([name, exported]) => format(name, exported))
    .join('\n');

function useByImport() {
  writeFileSync(join(project, 'use.mjs'), each((name, exported) => `import { ${exported} } from '${name}';`) + use);
  run('node', ['use.mjs']);
}

function useByRequire() {
  writeFileSync(join(project, 'use.cjs'), each((name, exported) => `const { ${exported} } = require('${name}');`) + use);
  run('node', ['use.cjs']);
}

function useTypes() {
  writeFileSync(
    join(project, 'use.ts'),
    "import { memory } from '@onlyif/memory';\nimport { createClient, defineTable, eq, exists, int, text } from '@onlyif/core';\n" +
      "import { type KeyspacesStandIn, startKeyspacesStandIn } from '@onlyif/testkit/keyspaces';\n" +
      `
const table = defineTable('orders', { columns: { id: text(), n: int() }, partitionKey: ['id'] });
const db = createClient(memory());
export const result = db.update(table, { id: 'a' }, { set: { n: 2 }, if: eq(table.columns.n, 1) });
// @ts-expect-error a number is not text
export const wrong = db.delete(table, { id: 1 }, { if: exists() });
export const standIn: Promise<KeyspacesStandIn> = startKeyspacesStandIn({ target: '127.0.0.1:9042' });
`,
  );
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext', '--target', 'es2023', '--ignoreConfig'];
  const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
  run('node', [tsc, ...options, ...types, 'use.ts']);
}

try {
  await lintManifests();
  installTarballs();
  useByImport();
  useByRequire();
  useTypes();
  console.log(`${directories.length} packages: manifests, import, require and types are in order.`);
} finally {
  rmSync(project, { recursive: true });
}
