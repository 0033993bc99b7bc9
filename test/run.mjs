/**
 * `npm test`: installs what is missing, builds, and runs every check: types, lint, unit and property tests, browser tests.
 * Ends with what failed, by name, and one line over all runners: `N passed, N failed, N skipped`. Exit code 1 when anything
 * failed. The names stand last because a log is often seen only from its end.
 *
 * Usage: node test/run.mjs [--only types|lint|unit|e2e]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, nodeOptions, projectNode } from '../electron/build/install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
ensureInstalled();

const reports = mkdtempSync(join(tmpdir(), 'workbench-reports-'));
const totals = { passed: 0, failed: 0, skipped: 0 };
/** The names of what failed, each with the first line of its reason where there is one. */
const failures = [];
// Every tool below finds the project's Node first.
const environment = {
  ...process.env,
  PATH: [dirname(projectNode()), process.env.PATH].join(delimiter),
  NODE_OPTIONS: [process.env.NODE_OPTIONS, ...nodeOptions].filter(Boolean).join(' '),
  ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }),
};

/** Runs a step; @returns its exit code */
function run(title, script, args, env = {}) {
  console.log(`\n== ${title}`);
  const result = spawnSync(projectNode(), [join(root, script), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...environment, ...env },
  });
  return result.status ?? 1;
}

function fail(name, reason = '') {
  totals.failed += 1;
  failures.push(reason ? `${name}: ${reason.split('\n')[0].slice(0, 300)}` : name);
}

/** A step that passes or fails as a whole counts as one. */
function check(title, script, args) {
  const code = run(title, script, args);
  if (code === 0) totals.passed += 1;
  else fail(title);
  return code === 0;
}

function readReport(file, title) {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  fail(title, 'ended without a report');
  return null;
}

function unitTests() {
  const file = join(reports, 'vitest.json');
  const args = [
    'run',
    '--config',
    'test/vitest.config.ts',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const before = failures.length;
  const code = run('unit and property tests', 'node_modules/vitest/vitest.mjs', args);
  const report = readReport(file, 'vitest');
  if (!report) return;
  totals.passed += report.numPassedTests;
  totals.skipped += report.numPendingTests + (report.numTodoTests ?? 0);
  for (const suite of report.testResults) {
    for (const { status, fullName, failureMessages } of suite.assertionResults) {
      if (status === 'skipped' || status === 'pending') console.log(`skipped: ${fullName}`);
      if (status === 'failed') fail(fullName, failureMessages[0]);
    }
    // A file that could not be loaded fails without a test of its own.
    if (suite.status === 'failed' && !suite.assertionResults.some(({ status }) => status === 'failed'))
      fail(relative(root, suite.name), suite.message);
  }
  if (code !== 0 && failures.length === before) fail('unit and property tests', 'an error outside any test');
}

function browserTests() {
  const file = join(reports, 'playwright.json');
  const code = run(
    'browser tests',
    'node_modules/@playwright/test/cli.js',
    ['test', '--config', 'test/e2e/playwright.config.ts', '--reporter=list,json'],
    {
      PLAYWRIGHT_JSON_OUTPUT_FILE: file,
    },
  );
  const report = readReport(file, 'Playwright');
  if (!report) return;
  totals.passed += report.stats.expected + report.stats.flaky;
  totals.skipped += report.stats.skipped;
  if (report.stats.flaky > 0) console.log(`flaky: ${report.stats.flaky} passed only when tried again`);
  for (const suite of report.suites) collectUnexpected(suite);
  if (code !== 0 && report.stats.unexpected === 0) fail('browser tests', 'an error outside any test');
}

function collectUnexpected(suite) {
  for (const spec of suite.specs)
    for (const test of spec.tests)
      if (test.status === 'unexpected')
        fail(`[${test.projectName}] ${spec.file} › ${spec.title}`, test.results.at(-1)?.error?.message);
  for (const inner of suite.suites ?? []) collectUnexpected(inner);
}

const wants = (step) => only === undefined || only === step;
if (wants('types')) check('types', 'test/typecheck.mjs', []);
if (wants('lint')) {
  check('lint', 'node_modules/oxlint/bin/oxlint', ['--deny-warnings', '.']);
  check('format', 'node_modules/prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']);
}
const built = !wants('unit') && !wants('e2e') ? true : check('build', 'electron/build/build.mjs', ['--if-stale']);
if (built && wants('unit')) unitTests();
if (built && wants('e2e')) browserTests();

rmSync(reports, { recursive: true, force: true });
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((line) => `  ${line}`).join('\n')}`);
console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed === 0 ? 0 : 1);
