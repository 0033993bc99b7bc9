/** The contract suite over real WebDAV servers. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpTransport } from '../../electron/services/exchange/http-transport.ts';
import { createWebdavClient, type WebdavClient } from '../../electron/services/exchange/webdav-client.ts';
import { createWebdavRemoteStore } from '../../electron/services/exchange/webdav-remote-store.ts';
import { blobName } from '../../shared/sync/object-name.ts';
import { hasApache, startApache } from '../servers/apache.ts';
import { hasNginx, startNginx } from '../servers/nginx.ts';
import type { RunningServer } from '../servers/process.ts';
import { describeRemoteStore } from './remote-store-suite.ts';

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const quick = {
  after(delayMs: number, act: () => void) {
    const timer = setTimeout(act, Math.min(delayMs, 5));
    return () => clearTimeout(timer);
  },
};

function clientOf(server: RunningServer, url = server.url, password = server.password): WebdavClient {
  // A stall is never waited for here, so the quick clock must not count.
  const transport = createHttpTransport({
    fetch,
    after: (delayMs, act) => (delayMs > 10_000 ? () => undefined : quick.after(delayMs, act)),
    chance: () => 0.5,
    onTraffic: () => undefined,
  });
  return createWebdavClient({ url, user: server.user, password, transport, partsFolder: join(tmpdir(), 'no-parts') });
}
const storeOf = (client: WebdavClient) => createWebdavRemoteStore({ client, owner: 'test', random });

for (const { name, isHere, launch } of [
  { name: 'Apache', isHere: hasApache, launch: startApache },
  { name: 'nginx', isHere: hasNginx, launch: startNginx },
]) {
  describe.skipIf(!isHere)(`WebDAV: ${name}`, () => {
    let server: RunningServer;
    let places = 0;
    beforeAll(async () => {
      server = await launch();
    });
    afterAll(() => server.dispose());

    /** A folder of its own for each test. */
    async function emptyPlace(): Promise<{ readonly url: string; readonly folder: string }> {
      places += 1;
      const folder = join(server.folder, `place ${places} é`);
      await mkdir(folder);
      await chmod(folder, 0o777);
      return { url: `${server.url}${encodeURIComponent(`place ${places} é`)}/`, folder };
    }

    describeRemoteStore(`WebDAV, ${name}`, async () => {
      const { url, folder } = await emptyPlace();
      return {
        store: storeOf(clientOf(server, url)),
        again: () => storeOf(clientOf(server, url)),
        async plant(file, bytes) {
          const path = join(folder, file);
          await mkdir(dirname(path), { recursive: true });
          await writeFile(path, bytes);
          await chmod(dirname(path), 0o777);
        },
        takeAway: () => server.stop(),
        bringBack: () => server.start(),
        dispose: async () => undefined,
      };
    });

    it('[SY31] leaves nothing beside the objects, and sweeps what a crash left', async () => {
      const { url, folder } = await emptyPlace();
      await writeFile(join(folder, 'put-test-abc'), 'half');
      await writeFile(join(folder, 'put-somebody-abc'), 'theirs');
      const store = storeOf(clientOf(server, url));
      await store.putIfAbsent('circle', new TextEncoder().encode('{}'));
      expect(await store.putIfAbsent('circle', new TextEncoder().encode('{}'))).toBe('present');
      expect((await readdir(folder)).sort()).toEqual(['circle', 'put-somebody-abc']);
    });

    it('[SY34] tells a folder that is gone from one in which nothing is', async () => {
      const { url, folder } = await emptyPlace();
      const store = storeOf(clientOf(server, url));
      expect(await store.list('heads/')).toEqual([]);
      await rm(folder, { recursive: true });
      await expect(store.list('heads/')).rejects.toMatchObject({ code: 'channel-unsuitable' });
      await expect(store.get('circle')).rejects.toMatchObject({ code: 'channel-unsuitable' });
      await expect(store.putIfAbsent('circle', new Uint8Array(2))).rejects.toMatchObject({
        code: 'channel-unsuitable',
      });
    });

    it('[SY34] says that a password is wrong', async () => {
      const { url } = await emptyPlace();
      const store = storeOf(clientOf(server, url, 'wrong'));
      await expect(store.list('heads/')).rejects.toMatchObject({ code: 'channel-refused', data: { status: 401 } });
      await expect(store.get('circle')).rejects.toMatchObject({ code: 'channel-refused' });
    });

    it('gets the rest of a large object that was cut, also after a restart of the program', async () => {
      const { url } = await emptyPlace();
      const bytes = random(400_000);
      const blob = blobName('b'.repeat(26));
      await storeOf(clientOf(server, url)).putIfAbsent(blob, bytes);
      const parts = await mkdtemp(join(tmpdir(), 'workbench-parts-'));
      let received = 0;
      const connect = (cutAfter: number) => {
        const transport = createHttpTransport({
          fetch: cutting(cutAfter),
          after: () => () => undefined,
          chance: () => 0.5,
          onTraffic: (traffic) => void (received += traffic.received),
          tries: 1,
        });
        const { user, password } = server;
        return storeOf(createWebdavClient({ url, user, password, transport, partsFolder: parts }));
      };
      await expect(connect(250_000).get(blob)).rejects.toMatchObject({ code: 'network-unreachable' });
      expect(await connect(Infinity).get(blob)).toEqual(bytes);
      expect(received).toBeLessThan(bytes.length + 20_000);
      expect(await readdir(parts)).toEqual([]);
      await rm(parts, { recursive: true });
    });
  });
}

/** Answers break off after so many bytes. */
function cutting(afterBytes: number): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (!response.body || afterBytes === Infinity) return response;
    let left = afterBytes;
    const cut = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        controller.enqueue(chunk.subarray(0, left));
        left -= chunk.length;
        if (left < 0) controller.error(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
      },
    });
    return new Response(response.body.pipeThrough(cut), { status: response.status, headers: response.headers });
  };
}
