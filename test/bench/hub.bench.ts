/**
 * A hub under load: 200 devices listening, 20 edits a second for a minute, two processes on one PostgreSQL, one of which is
 * killed half way. From edit to partner, memory at the beginning, in the middle and at the end, and what was lost.
 * `HUB_BENCH_SECONDS` shortens it.
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
  const edits = seconds * editsPerSecond;
  const memory: number[] = [];
  try {
    const { latenciesMs, lost, acknowledged, elapsedMs } = await runHubLoad({
      urls: hubs.map(({ url }) => url),
      ...{ devices, edits, editsPerSecond },
      isUp: (url) => !down.has(url),
      onEdit(index) {
        // Of the process that stays.
        if (index === 0 || index === Math.floor(edits / 2)) memory.push(memoryOf(hubs[1]!.pid()));
        if (index !== Math.floor(edits / 2)) return;
        down.add(hubs[0]!.url);
        void hubs[0]!.stop('SIGKILL');
      },
    });
    memory.push(memoryOf(hubs[1]!.pid()));
    const [atBeginning = 0, inMiddle = 0, atEnd = 0] = memory;
    const sorted = [...latenciesMs].sort((a, b) => a - b);
    const percentile = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? Infinity;
    const row = (name: string, figure: number, baseline: number, target: number): BenchRow => ({
      ...{ name: `hub: ${name}`, figure, baseline, target },
    });
    return [
      row('devices connected', devices, 200, 200),
      row('edits a second', (acknowledged / elapsedMs) * 1000, editsPerSecond, editsPerSecond),
      row('edits brought to a partner', latenciesMs.length, acknowledged, Infinity),
      row('edit to partner, median ms', percentile(0.5), 1000, 1000),
      row('edit to partner, 99th percentile ms', percentile(0.99), 1000, 1000),
      row('edit to partner, longest ms', percentile(1), 1000, Infinity),
      row('memory at the beginning, MB', atBeginning, atBeginning, atBeginning * 1.5),
      row('memory in the middle, MB', inMiddle, atBeginning, atBeginning * 1.5),
      row('memory at the end, with all devices, MB', atEnd, atBeginning, atBeginning * 1.5),
      row('edits lost when one of two is killed', lost, acknowledged, 0),
    ];
  } finally {
    for (const hub of hubs) await hub.dispose();
    await server.dispose();
  }
}
