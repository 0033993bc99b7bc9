/** What servers do that the standard does not say, as recorded answers: a server that says them, and what comes of it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { headName } from '../../../shared/sync/object-name.ts';
import type { ReplicaId } from '../../../shared/ids.ts';
import type { RemoteStore } from '../../../shared/sync/remote-store.ts';
import { createHttpTransport } from './http-transport.ts';
import { createWebdavClient } from './webdav-client.ts';
import { createWebdavRemoteStore } from './webdav-remote-store.ts';

const head = headName('abcdefghijklmnopqrstuvwxyz' as ReplicaId, 1, 'a'.repeat(26));
const bytes = new TextEncoder().encode('object');
let server: Server | null = null;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  server = null;
});

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;
const status =
  (code: number, body = '', headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    void response.writeHead(code, headers).end(body);
const collection =
  (entries = ''): Answer =>
  (request, response) =>
    void response
      .writeHead(207, { 'content-type': 'application/xml' })
      .end(
        `<d:multistatus xmlns:d="DAV:"><d:response><d:href>${request.url}</d:href><d:propstat><d:prop><d:resourcetype><d:collection/></d:resourcetype></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>${entries}</d:multistatus>`,
      );

/** Answers by `METHOD path`, the path within the folder; a method alone is for every path. */
async function speaking(answers: Readonly<Record<string, Answer>>): Promise<{ store: RemoteStore; asked: string[] }> {
  const asked: string[] = [];
  const counts = new Map<string, number>();
  const made = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const path = (request.url ?? '').replace('/dav/', '').replace(/^put-test-.*/, 'TEMP');
      const key = `${request.method} ${path}`;
      asked.push(key);
      const count = counts.get(key) ?? 0;
      counts.set(key, count + 1);
      (answers[key] ?? answers[request.method!] ?? status(404))(request, response, count);
    });
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  const transport = createHttpTransport({
    fetch,
    after(delayMs, act) {
      if (delayMs < 20_000) setImmediate(act);
      return () => undefined;
    },
    chance: () => 0.5,
    onTraffic: () => undefined,
  });
  const url = `http://127.0.0.1:${(made.address() as { port: number }).port}/dav`;
  const client = createWebdavClient({
    url,
    user: 'a',
    password: 'b',
    transport,
    partsFolder: join(tmpdir(), 'no-parts'),
  });
  return {
    store: createWebdavRemoteStore({ client, owner: 'test', random: (length) => new Uint8Array(length) }),
    asked,
  };
}
const moves =
  (...codes: number[]): Answer =>
  (_request, response, count) =>
    void response.writeHead(codes[Math.min(count, codes.length - 1)]!).end();

describe('[SY37] putting on servers of all kinds', () => {
  for (const [kind, mkcol, missing] of [
    ['Apache: 409 for a missing folder, 405 for one that is there', 405, 409],
    ['nginx: 500 for a missing folder', 201, 500],
    ['IIS and Synology: 409 for a folder that is there already', 409, 409],
    ['Seafile: 403 for a folder that is there already', 403, 404],
    ['Nextcloud: 404 for a missing folder', 201, 404],
  ] as const) {
    it(`makes the folder and goes on: ${kind}`, async () => {
      const { store, asked } = await speaking({
        PROPFIND: collection(),
        PUT: status(201),
        MKCOL: status(mkcol),
        'MOVE TEMP': moves(missing, 201),
      });
      expect(await store.putIfAbsent(head, bytes)).toBe('stored');
      expect(asked).toContain('MKCOL heads/');
      expect(asked.filter((each) => each.startsWith('PUT'))).toHaveLength(1);
    });
  }

  it('clears its own file away where the name is taken, and waits where it is locked for a moment', async () => {
    const { store, asked } = await speaking({
      PROPFIND: collection(),
      PUT: status(204),
      'MOVE TEMP': moves(423, 412),
      DELETE: status(204),
    });
    expect(await store.putIfAbsent(head, bytes)).toBe('present');
    expect(asked.filter((each) => each === 'MOVE TEMP')).toHaveLength(2);
    expect(asked.at(-1)).toBe('DELETE TEMP');
  });
});

describe('[SY35] what stands in the way', () => {
  for (const [what, code, answers] of [
    ['a full account', 'disk-full', { PROPFIND: collection(), PUT: status(507) }],
    ['a share that is read only', 'destination-not-writable', { PROPFIND: collection(), PUT: status(403, 'no') }],
    ['a limit of a proxy to the size', 'channel-unsuitable', { PROPFIND: collection(), PUT: status(413) }],
    ['an address that is a web site', 'channel-unsuitable', { PROPFIND: status(405, '<html>no</html>') }],
    ['an account that is closed', 'channel-refused', { PROPFIND: status(403, '<s:message>disabled</s:message>') }],
    ['a server being updated', 'network-unreachable', { PROPFIND: status(503, '<h1>Maintenance</h1>') }],
    ['a gateway whose server is gone', 'network-unreachable', { PROPFIND: status(502, '<html>bad gateway</html>') }],
    [
      'a list that breaks off',
      'network-unreachable',
      { PROPFIND: status(207, '<d:multistatus xmlns:d="DAV:"><d:resp') },
    ],
  ] satisfies [string, string, Record<string, Answer>][]) {
    it(`is told of ${what}`, async () => {
      const { store } = await speaking(answers);
      await expect(store.putIfAbsent('circle', bytes)).rejects.toMatchObject({ code });
    });
  }

  it('tells of a way to sign in that it does not know', async () => {
    const { store } = await speaking({ PROPFIND: status(401, '', { 'www-authenticate': 'Negotiate' }) });
    await expect(store.list('heads/')).rejects.toMatchObject({
      code: 'channel-refused',
      message: expect.stringContaining('Negotiate') as string,
    });
  });

  it('follows a server that wants a slash, and sends a password to no other', async () => {
    const { store, asked } = await speaking({
      'PROPFIND heads/': (_request, response, count) =>
        void (count === 0
          ? response.writeHead(301, { location: '/dav/heads/' }).end()
          : collection()(_request, response, count)),
    });
    expect(await store.list('heads/')).toEqual([]);
    expect(asked).toEqual(['PROPFIND heads/', 'PROPFIND heads/']);
    const other = await speaking({ PROPFIND: status(302, '', { location: 'https://sso.example/' }) });
    await expect(other.store.list('heads/')).rejects.toMatchObject({ code: 'network-captive' });
  });
});
