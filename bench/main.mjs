// node main.mjs [cpu] [servers] [settings] [cluster] [keyspaces] [checker] [import] [types] [--seconds n] [--rounds n]: all sections without a name; n for each section.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureChecker } from './checker.mjs';
import { measureCluster } from './cluster.mjs';
import { measureCpu } from './cpu.mjs';
import { measureImport } from './import-time.mjs';
import { measureKeyspaces } from './keyspaces.mjs';
import { measureServers } from './servers.mjs';
import { measureSettings } from './settings.mjs';

function measureTypes() {
  console.log('Types: what a table of 12 columns costs the compiler, and five statements on it.\n');
  const script = fileURLToPath(new URL('../scripts/type-budget.mjs', import.meta.url));
  spawnSync(process.execPath, [script], { stdio: 'inherit' });
}

const sections = {
  cpu: { measure: measureCpu, seconds: 50 },
  servers: { measure: measureServers, seconds: 100 },
  settings: { measure: measureSettings, seconds: 60 },
  cluster: { measure: measureCluster, seconds: 240 },
  keyspaces: { measure: measureKeyspaces, seconds: 60 },
  checker: { measure: measureChecker, seconds: 0 },
  import: { measure: measureImport, seconds: 20 },
  types: { measure: measureTypes, seconds: 0 },
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seconds: { type: 'string' }, rounds: { type: 'string' } } });
const names = positionals.length > 0 ? positionals : Object.keys(sections);
const unknown = names.find((name) => !Object.hasOwn(sections, name));
if (unknown !== undefined) throw new Error(`no section ${unknown}: there are ${Object.keys(sections).join(', ')}`);

console.log(`Node ${process.version}, ${process.platform} ${process.arch}`);
for (const name of names) {
  const { measure, seconds } = sections[name];
  console.log();
  await measure({ seconds: Number(values.seconds ?? seconds), rounds: Number(values.rounds ?? Infinity) });
}
