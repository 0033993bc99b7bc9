/** Runs the benchmarks beside this file one after the other and prints their rows. */
import { readdir } from 'node:fs/promises';
import type { BenchRow } from './exchange.bench.ts';

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const isCheck = process.argv.includes('--check');
const files = (await readdir(import.meta.dirname))
  .filter((file) => file.endsWith('.bench.ts'))
  .filter((file) => names.length === 0 || names.includes(file.replace('.bench.ts', '')))
  .sort();

const rows: BenchRow[] = [];
for (const file of files) {
  const { run } = (await import(`./${file}`)) as { run: () => Promise<readonly BenchRow[]> };
  rows.push(...(await run()));
}

const print = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(1));
const width = Math.max(...rows.map(({ name }) => name.length), 6);
const line = (name: string, ...cells: readonly string[]): string =>
  [name.padEnd(width), ...cells.map((cell) => cell.padStart(9))].join('  ');
console.log(line('figure', 'value', 'baseline', 'ratio', 'target'));
for (const { name, figure, baseline, target } of rows)
  console.log(line(name, print(figure), print(baseline), (figure / baseline).toFixed(2), print(target)));

const over = rows.filter(({ figure, target }) => figure >= 2 * target && figure > target);
for (const { name } of over) console.error(`at twice its target or more: ${name}`);
if (isCheck && over.length > 0) process.exitCode = 1;
