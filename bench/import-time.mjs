// What it costs to load the published form of @onlyif/core, and how large it is.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { transformSync } from 'esbuild';
import { repeat, rotated, spread } from './rounds.mjs';

const core = import.meta.resolve('@onlyif/core');
const timed = `const before = performance.now(); await import('${core}'); console.log(performance.now() - before)`;
const programs = [
  { name: 'bare', code: '' },
  { name: 'bare again', code: '' },
  { name: 'import', code: `await import('${core}')` },
  { name: 'timed inside', code: timed },
];

export async function measureImport(limits) {
  console.log("Import: loading @onlyif/core's one file, as a process that does and one that does nothing.\n");
  const times = new Map(programs.map(({ name }) => [name, []]));
  const inside = [];
  await repeat(limits, (round) => {
    for (const { name, code } of rotated(programs, round)) {
      const { ms, output } = spawned(code);
      times.get(name).push(ms);
      if (output !== '') inside.push(Number(output));
    }
  });
  const bare = times.get('bare');
  const more = (name) => spread(times.get(name).map((ms, i) => ms - bare[i])); // of one round
  console.log(`bare node              ${spread(bare)} ms, ${bare.length} rounds`);
  console.log(`import over bare node  ${more('import')} ms   bare/bare ${more('bare again')} ms   aim: below 5 ms`);
  console.log(`import() by itself     ${spread(inside)} ms`);
  printSize();
}

function spawned(code) {
  const before = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return { ms: performance.now() - before, output: stdout };
}

function printSize() {
  const source = readFileSync(new URL(core), 'utf8');
  const minified = transformSync(source, { minify: true, format: 'esm' }).code;
  const [kept, small] = [source, minified].map((text) => (gzipSync(text).length / 1024).toFixed(1));
  console.log(`size                   ${kept} KiB gzip as published, ${small} KiB minified`);
}
