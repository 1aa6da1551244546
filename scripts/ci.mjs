// Runs every check, prints how long each took, and ends with one true line of counts.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const full = process.argv.includes('--full');
const env = full ? { ...process.env, ONLYIF_FULL: '1' } : process.env;
const reports = mkdtempSync(join(tmpdir(), 'onlyif-ci-'));
const report = join(reports, 'vitest.json');

// The type-aware linter reads the declarations that the build makes.
const checks = ['format:check', 'build', 'typecheck', 'lint', 'test:types', 'check:pack'];
const counts = { passed: 0, failed: 0, skipped: 0 };
const times = [];

function timed(name, command, args) {
  const started = performance.now();
  const { status } = spawnSync(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  times.push([name, performance.now() - started]);
  return status === 0;
}

for (const check of checks) counts[timed(check, 'npm', ['run', check]) ? 'passed' : 'failed']++;

const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const passed = timed('test', 'npm', ['test', '--', ...reporters]);
countTests(passed);
rmSync(reports, { recursive: true });

function countTests(passed) {
  let tests;
  try {
    tests = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    counts.failed++;
    return;
  }
  for (const { name, startTime, endTime } of tests.testResults) times.push([`  ${relative(root, name)}`, endTime - startTime]);
  counts.passed += tests.numPassedTests;
  counts.skipped += tests.numPendingTests + tests.numTodoTests;
  // A suite that could not even start, or an error outside every test, fails the run without a failed test.
  counts.failed += tests.numFailedTests > 0 || passed ? tests.numFailedTests : 1;
}

console.log('\nTimes:');
for (const [name, ms] of times) console.log(`${(ms / 1000).toFixed(1).padStart(7)} s  ${name}`);
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exitCode = counts.failed === 0 ? 0 : 1;
