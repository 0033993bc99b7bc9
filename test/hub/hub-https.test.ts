/** A hub as others reach it: a process with a certificate of its own, and one behind nginx. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { watchHub } from '../../electron/services/exchange/hub-news.ts';
import { foundTestCircle, newTestDevice, random, type TestDevice } from '../fakes/hub-device.ts';
import { makeCertificate } from '../servers/certificate.ts';
import { startHubProcess } from '../servers/hub-process.ts';
import { hasNginxProxy, startNginxProxy } from '../servers/nginx-proxy.ts';
import { freePort } from '../servers/process.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** Null, and the tests skipped, where there is no openssl to make one. */
const certificate = await makeCertificate();
const usual = getCACertificates('default');
const cleanUp: (() => Promise<unknown>)[] = [];
beforeAll(() => {
  if (certificate) setDefaultCACertificates([...usual, certificate.cert]);
});
afterAll(async () => {
  setDefaultCACertificates(usual);
  for (const act of cleanUp.reverse()) await act();
});

/** A news socket; `heard` resolves once it has told of a head, or of `null`: that it listens. */
function listen(device: TestDevice, url: string) {
  const { session } = device.on(url);
  const clock = {
    after(delayMs: number, act: () => void) {
      const timer = setTimeout(act, delayMs);
      return () => clearTimeout(timer);
    },
  };
  const told = new Set<string | null>();
  let wake: () => void = () => undefined;
  const watch = watchHub({
    ...{ session, circle: device.circle, clock, chance: () => 0 },
    onHint(heads) {
      for (const each of heads ?? [null]) told.add(each);
      wake();
    },
  });
  return {
    async heard(head: string | null): Promise<void> {
      while (!told.has(head)) await new Promise<void>((resolve) => (wake = resolve));
    },
    dispose: () => watch.dispose(),
  };
}

/** Founded, joined by invitation, small and large objects, parts of them, and news. */
async function everythingWorks(url: string): Promise<void> {
  const { circle, founder } = foundTestCircle();
  const { store, session } = founder.on(url);
  expect(await store.list('heads/')).toEqual([]);
  const { json } = await session.send({ method: 'POST', path: '/invitations', json: {} });
  const partner = newTestDevice(circle);
  const theirs = partner.on(url, String(json['token'])).store;
  expect(await theirs.list('heads/')).toEqual([]);
  const head = founder.head(1);
  const news = listen(partner, url);
  await news.heard(null);
  const blob = founder.blob(random(2_000_000));
  for (const object of [blob, head]) expect(await store.putIfAbsent(object.name, object.bytes)).toBe('stored');
  await news.heard(head.name);
  news.dispose();
  expect(await theirs.get(head.name)).toEqual(head.bytes);
  expect(Buffer.from((await theirs.get(blob.name))!).equals(blob.bytes)).toBe(true);
  for (let seq = 2; seq <= 20; seq += 1) {
    const each = founder.head(seq);
    await store.putIfAbsent(each.name, each.bytes);
  }
  // Long enough to be compressed.
  expect(await theirs.list('heads/')).toHaveLength(20);
}

describe.skipIf(certificate === null)('a hub with --cert and --key', () => {
  it('[HB56] [HB54] serves https and wss as a process, says so, and ends gently', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'workbench-hub-tls-'));
    cleanUp.push(() => rm(folder, { recursive: true, force: true }));
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    await writeFile(cert, certificate!.cert);
    await writeFile(key, certificate!.key);
    const hub = await startHubProcess({ args: ['--open', '--cert', cert, '--key', key] });
    cleanUp.push(() => hub.dispose());
    expect(hub.url).toMatch(/^https:/);
    expect(hub.said()).toContain(`Address:        ${hub.url}`);
    await everythingWorks(hub.url);
    await expect(fetch(hub.url.replace('https', 'http'))).rejects.toThrow();
    expect(await hub.stop('SIGTERM')).toBe(0);
  });
});

describe.skipIf(certificate === null || !hasNginxProxy)('a hub behind nginx', () => {
  it('[HB56] [HB4] is the hub of its outer address, WebSockets and large bodies included', async () => {
    const [port, plainPort] = [await freePort(), await freePort()];
    const address = `https://127.0.0.1:${port}`;
    const hub = await startHubProcess({ args: ['--open', '--behind-proxy', '--address', address] });
    cleanUp.push(() => hub.dispose());
    const proxy = await startNginxProxy({ port, plainPort, target: hub.url, certificate: certificate! });
    cleanUp.push(() => proxy.dispose());
    expect(hub.said()).toContain(`Address:        ${address}`);
    await everythingWorks(address);
    // By its inner address it is another hub, for which nobody has signed.
    const { founder } = foundTestCircle();
    await expect(founder.on(hub.url).store.list('heads/')).rejects.toMatchObject({ hubCode: 'signature-wrong' });
  });
});
