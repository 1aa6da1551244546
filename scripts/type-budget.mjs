// What the types cost a user: instantiations of a 12-column table, and of five statements on it, over the bare import.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const budgets = { table: 150, statements: 2000 };

function instantiations(file) {
  const args = ['--ignoreConfig', '--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', '--types', 'node'];
  const modules = [
    '--target',
    'es2023',
    '--lib',
    'es2023,es2024.string',
    '--module',
    'nodenext',
    '--customConditions',
    '@onlyif/source',
    '--allowImportingTsExtensions',
  ];
  const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
  const output = execFileSync(
    process.execPath,
    [tsc, ...args, ...modules, '--singleThreaded', '--extendedDiagnostics', `test/types/budget/${file}`],
    { cwd: root, encoding: 'utf8' },
  );
  return Number(/Instantiations:\s+(\d+)/.exec(output)?.[1]);
}

const [imports, table, statements] = ['0-imports.ts', '1-table.ts', '2-statements.ts'].map(instantiations);
const costs = { table: table - imports, statements: statements - table };
for (const [name, cost] of Object.entries(costs)) {
  console.log(`${name}: ${cost} instantiations (budget ${budgets[name]})`);
  if (!(cost <= budgets[name])) process.exitCode = 1;
}
