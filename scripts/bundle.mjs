// Publishes each entry of a package as one file of JavaScript: ten files import four times slower than one.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const packages = fileURLToPath(new URL('../packages/', import.meta.url));

/** What a package exports, by the names of its files; one entry imports another by the name of the package. */
const entriesOf = ({ exports }) => ['index', ...Object.keys(exports).flatMap((path) => (/^\.\/[a-z]+$/.test(path) ? [path.slice(2)] : []))];

await Promise.all(
  readdirSync(packages).map((name) => {
    const manifest = JSON.parse(readFileSync(`${packages}${name}/package.json`, 'utf8'));
    return build({
      entryPoints: entriesOf(manifest).map((entry) => `${packages}${name}/src/${entry}.ts`),
      outdir: `${packages}${name}/dist`,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20.19',
      packages: 'external',
      logLevel: 'warning',
    });
  }),
);
