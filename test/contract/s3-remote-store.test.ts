/** The contract suite over S3, against a store that works every signature out for itself. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpTransport } from '../../electron/services/exchange/http-transport.ts';
import { createS3Client } from '../../electron/services/exchange/s3-client.ts';
import { createS3RemoteStore } from '../../electron/services/exchange/s3-remote-store.ts';
import type { RemoteStore } from '../../shared/sync/remote-store.ts';
import { startS3, type S3Server } from '../servers/s3.ts';
import { describeRemoteStore } from './remote-store-suite.ts';

const folder = "Région AB/it's (one)/";

function storeOf(
  server: S3Server,
  more: Partial<Parameters<typeof createS3Client>[0]> = {},
  now = Date.now,
): RemoteStore {
  const transport = createHttpTransport({
    fetch,
    after(delayMs, act) {
      if (delayMs > 10_000) return () => undefined;
      const timer = setTimeout(act, Math.min(delayMs, 5));
      return () => clearTimeout(timer);
    },
    chance: () => 0.5,
    onTraffic: () => undefined,
  });
  const { endpoint, bucket, accessKey, secretKey } = server;
  const access = { endpoint, bucket, accessKey, secretKey, region: 'eu-west-3', ...more };
  return createS3RemoteStore(
    createS3Client({ ...access, transport, now, partsFolder: join(tmpdir(), 'no-parts') }),
    folder,
  );
}

for (const condition of ['known', 'unknown'] as const) {
  describeRemoteStore(
    `S3, condition ${condition}`,
    async () => {
      const server = await startS3();
      server.ways.condition = condition;
      server.ways.pageSize = 4;
      return {
        store: storeOf(server),
        again: () => storeOf(server),
        plant: async (name, bytes) => void server.objects.set(folder + name, bytes),
        takeAway: () => server.stop(),
        bringBack: () => server.start(),
        dispose: () => server.stop(),
      };
    },
    // Who looks first and puts then may be overtaken between the two.
    { without: condition === 'known' ? [] : ['races'] },
  );
}

describe('S3', () => {
  let server: S3Server;
  beforeEach(async () => {
    server = await startS3();
  });
  afterEach(() => server.stop());
  const bytes = new TextEncoder().encode('{}');

  it('[SY36] works on a machine whose clock is years off, by the clock of the store', async () => {
    for (const years of [-7, 3]) {
      const store = storeOf(server, {}, () => Date.now() + years * 365.25 * 86_400_000);
      await store.removeOwn('circle');
      expect(await store.putIfAbsent('circle', bytes)).toBe('stored');
      expect(await store.get('circle')).toEqual(bytes);
      server.requests.length = 0;
      await store.list('heads/');
      // It learnt the time once.
      expect(server.requests).toHaveLength(1);
    }
  });

  it('[SY37] leaves the receipt and the circle of another alone where the store overlooks conditions', async () => {
    server.ways.condition = 'overlooked';
    const store = storeOf(server);
    await store.putIfAbsent('circle', bytes);
    expect(await storeOf(server).putIfAbsent('circle', new TextEncoder().encode('{"other":1}'))).toBe('present');
    expect(await store.get('circle')).toEqual(bytes);
  });

  it('[SY34] tells a wrong key, a wrong secret and a wrong bucket apart from an empty one', async () => {
    expect(await storeOf(server).list('heads/')).toEqual([]);
    for (const wrong of [{ accessKey: 'AKIDOTHER' }, { secretKey: 'other' }]) {
      await expect(storeOf(server, wrong).list('heads/')).rejects.toMatchObject({ code: 'channel-refused' });
      await expect(storeOf(server, wrong).putIfAbsent('circle', bytes)).rejects.toMatchObject({
        code: 'channel-refused',
      });
    }
    await expect(storeOf(server, { bucket: 'other' }).list('heads/')).rejects.toMatchObject({
      code: 'channel-unsuitable',
    });
    expect(server.objects.size).toBe(0);
  });

  it('[SY51] asks one request for a listing, and another for each further page', async () => {
    const store = storeOf(server);
    for (let index = 0; index < 5; index += 1) server.objects.set(`${folder}heads/x${index}`, bytes);
    server.requests.length = 0;
    expect(await store.list('heads/')).toHaveLength(5);
    expect(server.requests).toHaveLength(1);
    server.ways.pageSize = 2;
    expect(await store.list('heads/')).toHaveLength(5);
    expect(server.requests).toHaveLength(4);
  });
});
