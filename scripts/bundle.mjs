// Publishes each package as one file of JavaScript: ten files import four times slower than one.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const packages = fileURLToPath(new URL('../packages/', import.meta.url));

await Promise.all(
  readdirSync(packages).map((name) => {
    const manifest = JSON.parse(readFileSync(`${packages}${name}/package.json`, 'utf8'));
    return build({
      entryPoints: [`${packages}${name}/src/index.ts`],
      outfile: `${packages}${name}/dist/index.js`,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20.19',
      packages: 'external',
      banner: manifest.bin === undefined ? {} : { js: '#!/usr/bin/env node' },
      logLevel: 'warning',
    });
  }),
);
