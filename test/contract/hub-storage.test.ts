import { rm } from 'node:fs/promises';
import { openStorage } from '../../hub/storage/open-storage.ts';
import { newHubFolder } from '../servers/hub-data.ts';
import { findPostgresql, startPostgresql } from '../servers/postgresql.ts';
import { describeHubStorage } from './hub-storage-suite.ts';

describeHubStorage('embedded PGlite', async () => {
  const folder = await newHubFolder();
  const storage = await openStorage({ folder });
  return {
    storage,
    async dispose() {
      await storage.close();
      await rm(folder, { recursive: true });
    },
  };
});

const binaries = await findPostgresql();
describeHubStorage(
  'PostgreSQL',
  async () => {
    const server = await startPostgresql(binaries!);
    const storage = await openStorage({ url: await server.createDatabase() });
    return {
      storage,
      async dispose() {
        await storage.close();
        await server.dispose();
      },
    };
  },
  { skip: binaries === null },
);
