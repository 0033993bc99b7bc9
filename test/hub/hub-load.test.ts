/** The load of test/bench/hub.bench.ts, short: what it loses is tested, how long it takes is not. */
import { expect, it, vi } from 'vitest';
import { runHubLoad } from '../fakes/hub-load.ts';
import { startHubProcess } from '../servers/hub-process.ts';
import { findPostgresql, startPostgresql } from '../servers/postgresql.ts';

vi.setConfig({ testTimeout: 240_000 });
const binaries = await findPostgresql();

it.skipIf(binaries === null)('[HB33] loses nothing when one of two hubs is killed under load', async () => {
  const server = await startPostgresql(binaries!);
  const database = await server.createDatabase();
  const hubs = [await startHubProcess({ database }), await startHubProcess({ database })];
  const down = new Set<string>();
  try {
    const result = await runHubLoad({
      urls: hubs.map(({ url }) => url),
      ...{ devices: 20, edits: 40, editsPerSecond: 20 },
      isUp: (url) => !down.has(url),
      onEdit(index) {
        if (index !== 20) return;
        down.add(hubs[0]!.url);
        void hubs[0]!.stop('SIGKILL');
      },
    });
    expect(result).toMatchObject({ lost: 0, acknowledged: 40 });
    expect(result.latenciesMs.length).toBeGreaterThanOrEqual(40);
  } finally {
    for (const hub of hubs) await hub.dispose();
    await server.dispose();
  }
});
