/**
 * A hub under load: 200 devices listening, 20 edits a second for a minute, two processes on one PostgreSQL, one of which is
 * killed half way. From edit to partner at the 99th percentile, memory, and what was lost. `HUB_BENCH_SECONDS` shortens it.
 */
import { readFileSync } from 'node:fs';
import { runHubLoad } from '../fakes/hub-load.ts';
import { startHubProcess } from '../servers/hub-process.ts';
import { findPostgresql, startPostgresql } from '../servers/postgresql.ts';
import type { BenchRow } from './exchange.bench.ts';

const devices = 200;
const editsPerSecond = 20;

/** Resident memory in MB, where the system tells. */
function memoryOf(pid: number): number {
  const pages = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(pages ?? 0) / 1024;
}

export async function run(): Promise<readonly BenchRow[]> {
  const binaries = await findPostgresql();
  if (binaries === null) {
    console.log('hub: skipped, no PostgreSQL is installed');
    return [];
  }
  const seconds = Number(process.env['HUB_BENCH_SECONDS'] ?? 60);
  const server = await startPostgresql(binaries);
  const database = await server.createDatabase();
  const hubs = [await startHubProcess({ database }), await startHubProcess({ database })];
  const down = new Set<string>();
  let memoryBefore = 0;
  const edits = seconds * editsPerSecond;
  try {
    const { latenciesMs, lost, acknowledged } = await runHubLoad({
      urls: hubs.map(({ url }) => url),
      ...{ devices, edits, editsPerSecond },
      isUp: (url) => !down.has(url),
      onEdit(index) {
        if (index === Math.floor(edits / 4)) memoryBefore = memoryOf(hubs[1]!.pid());
        if (index !== Math.floor(edits / 2)) return;
        down.add(hubs[0]!.url);
        void hubs[0]!.stop('SIGKILL');
      },
    });
    const sorted = [...latenciesMs].sort((a, b) => a - b);
    const percentile = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? Infinity;
    const memory = memoryOf(hubs[1]!.pid());
    return [
      {
        name: 'hub: edit to partner, median ms',
        figure: percentile(0.5),
        baseline: 1000,
        target: 1000,
      },
      {
        name: 'hub: edit to partner, 99th percentile ms',
        figure: percentile(0.99),
        baseline: 1000,
        target: 1000,
      },
      {
        name: 'hub: memory of a process, MB',
        figure: memory,
        baseline: memoryBefore,
        target: memoryBefore * 1.5,
      },
      {
        name: 'hub: edits lost when one of two is killed',
        figure: lost,
        baseline: acknowledged,
        target: 0,
      },
    ];
  } finally {
    for (const hub of hubs) await hub.dispose();
    await server.dispose();
  }
}
