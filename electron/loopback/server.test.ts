/** The loopback shell against what a foreign page, another program or another user of the machine would try. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Port } from '../../shared/contract/rpc.ts';
import { createGrants, type Grants } from '../services/files/grants.ts';
import { startLoopbackServer, type LoopbackServer } from './server.ts';
import { createStaticFiles } from './static-files.ts';

let folder: string;
let server: LoopbackServer;
let grants: Grants;
let ports: Port[];
let cookie: string;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request with exactly these headers: `fetch` would correct some of them. */
function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Uint8Array } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: server.port,
        path,
        method: options.method ?? 'GET',
        headers: options.headers ?? {},
        // Node puts its own name where an empty one is asked for.
        setHost: options.headers?.['host'] !== '',
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(options.body);
  });
}
const own = (): string => `127.0.0.1:${server.port}`;
const withCookie = (headers: Record<string, string> = {}): { headers: Record<string, string> } => ({
  headers: { cookie, ...headers },
});
async function signIn(): Promise<string> {
  const answer = await ask(new URL(server.address()).pathname + new URL(server.address()).search);
  return answer.headers['set-cookie']![0]!.split(';')[0]!;
}
const upload = (
  headers: Record<string, string>,
  name = 'a.txt',
  body: string | Uint8Array = '1. We agree.',
): Promise<Answer> => ask(`/upload?name=${encodeURIComponent(name)}`, { method: 'POST', headers, body });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workbench-loopback-'));
  const page = join(folder, 'page');
  await mkdir(join(page, 'assets'), { recursive: true });
  await writeFile(join(page, 'index.html'), '<!doctype html><p>The page</p>');
  await writeFile(join(page, 'assets', 'app-1a2b3c.js'), 'export {};');
  await writeFile(join(folder, 'secret.txt'), 'SECRET');
  grants = createGrants({ random: (length) => new Uint8Array(randomBytes(length)), clock: Date.now });
  ports = [];
  server = await startLoopbackServer({
    files: await createStaticFiles(page),
    grants,
    connect: (port) => ports.push(port),
    randomText: () => randomBytes(24).toString('base64url'),
  });
  cookie = await signIn();
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the one-time address', () => {
  it('gives a cookie that no script reads and no other site sends, and takes the token out of the address', async () => {
    const address = new URL(server.address());
    const answer = await ask(`${address.pathname}${address.search}`);
    expect(answer).toMatchObject({ status: 302, headers: { location: '/' } });
    const [set] = answer.headers['set-cookie']!;
    expect(set).toMatch(/; *HttpOnly/i);
    expect(set).toMatch(/; *SameSite=Strict/i);
    expect(set).toMatch(/; *Path=\//i);
    expect(set).not.toContain(address.searchParams.get('token'));
  });

  it('works once', async () => {
    const address = new URL(server.address());
    await ask(`/${address.search}`);
    const again = await ask(`/${address.search}`);
    expect(again.status).toBe(403);
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  it('goes on to the page for whoever has the cookie already', async () => {
    const address = new URL(server.address());
    await ask(`/${address.search}`);
    expect(await ask(`/${address.search}`, withCookie())).toMatchObject({ status: 302, headers: { location: '/' } });
  });

  it.each(['', 'x', '../../etc/passwd', 'a'.repeat(4000)])('refuses the token %j', async (token) => {
    const answer = await ask(`/?token=${encodeURIComponent(token)}`);
    expect(answer.status).toBe(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('gives every address a token of its own', () => {
    expect(new Set(Array.from({ length: 20 }, () => server.address())).size).toBe(20);
  });
});

describe('without the cookie', () => {
  it.each(['/', '/index.html', '/assets/app-1a2b3c.js', '/download/aaaaaaaaaaaaaaaaaaaaaaaaaa', '/nothing'])(
    '%s is not served',
    async (path) => {
      const answer = await ask(path);
      expect(answer.status).toBe(403);
      expect(answer.body).not.toContain('The page');
    },
  );

  it('nothing is uploaded', async () => {
    expect((await upload({ 'x-workbench': '1' })).status).toBe(403);
  });

  it.each([
    ['another value', (good: string) => `${good.split('=')[0]}=${'a'.repeat(good.split('=')[1]!.length)}`],
    ['an empty value', (good: string) => `${good.split('=')[0]}=`],
    ['the value under another name', (good: string) => `session=${good.split('=')[1]}`],
    ['the cookie of a workbench on another port', (good: string) => `workbench-1=${good.split('=')[1]}`],
    ['half of it', (good: string) => good.slice(0, -4)],
  ])('%s is no cookie', async (_, change) => {
    expect((await ask('/', { headers: { cookie: change(cookie) } })).status).toBe(403);
  });
});

describe('a foreign name or page', () => {
  it.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', '[::1]', 'localhost.evil.example', ''])(
    'Host %j is refused, cookie or not (DNS rebinding)',
    async (host) => {
      const both: Record<string, string>[] = [{ host }, { host, cookie }];
      for (const headers of both) {
        const answer = await ask('/', { headers });
        expect(answer.status).toBe(403);
        expect(answer.body).not.toContain('The page');
      }
    },
  );

  it('Host localhost with the port is this address', async () => {
    expect((await ask('/', withCookie({ host: `localhost:${server.port}` }))).status).toBe(200);
  });

  it.each(['https://evil.example', 'null', 'http://127.0.0.1:1', 'http://localhost', 'file://'])(
    'Origin %s is refused',
    async (origin) => {
      expect((await ask('/', withCookie({ origin }))).status).toBe(403);
      expect((await upload({ cookie, origin, 'x-workbench': '1' })).status).toBe(403);
    },
  );

  it('Origin with https is another origin', async () => {
    expect((await ask('/', withCookie({ origin: `https://${own()}` }))).status).toBe(403);
  });

  it('no answer allows another origin to read it', async () => {
    for (const path of ['/', '/nothing', '/assets/app-1a2b3c.js']) {
      const { headers } = await ask(path, withCookie());
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    }
    const preflight = await ask('/upload', {
      method: 'OPTIONS',
      headers: {
        origin: 'https://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-workbench',
      },
    });
    expect(preflight.status).toBe(403);
  });
});

describe('the page’s files', () => {
  it('are served with the policy on every answer', async () => {
    const page = await ask('/', withCookie());
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    for (const path of ['/', '/assets/app-1a2b3c.js', '/nothing', '/download/x']) {
      const { headers } = await ask(path, withCookie());
      const policy = headers['content-security-policy'] as string;
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|https?:|\*/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['x-frame-options']).toBe('DENY');
    }
  });

  it('what has a hash in its name may be kept, the page itself not', async () => {
    expect((await ask('/assets/app-1a2b3c.js', withCookie())).headers['cache-control']).toContain('immutable');
    expect((await ask('/', withCookie())).headers['cache-control']).toBe('no-cache');
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//etc/passwd',
    '/%00',
    '/assets/',
    '/assets',
    '/__proto__',
    '/constructor',
    '/download/../../secret.txt',
    '/download/..%2f..%2fsecret.txt',
    '/download//etc/passwd',
  ])('%s leads nowhere', async (path) => {
    const answer = await ask(path, withCookie());
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).not.toMatch(/SECRET|root:/);
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'POST'])('%s changes nothing', async (method) => {
    expect((await ask('/', { method, ...withCookie() })).status).toBe(404);
  });

  it('an address that is no address does not end the server', async () => {
    const raw = (text: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(server.port, '127.0.0.1', () => socket.end(text));
        let answer = '';
        socket.on('data', (data) => (answer += data.toString()));
        socket.on('close', () => resolve(answer));
        socket.on('error', () => resolve(answer));
      });
    await raw('nonsense\r\n\r\n');
    for (const target of ['http://[', '//', '*', 'http://evil.example/', '/\u0000'])
      await raw(`GET ${target} HTTP/1.1\r\nHost: ${own()}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`);
    await raw(`GET /rpc HTTP/1.1\r\nHost: ${own()}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`);
    expect((await ask('/', withCookie())).status).toBe(200);
  });
});

describe('uploads and downloads', () => {
  it('an upload becomes a grant for exactly those bytes', async () => {
    const answer = await upload({ cookie, 'x-workbench': '1', origin: `http://${own()}` }, 'إعلان.txt', 'نؤكد');
    expect(answer.status).toBe(200);
    const { grant } = JSON.parse(answer.body) as { grant: string };
    expect(await grants.readFile(grant)).toMatchObject({ name: 'إعلان.txt' });
    expect(new TextDecoder().decode((await grants.readFile(grant)).bytes)).toBe('نؤكد');
  });

  it('without the header that a form cannot set, nothing is taken', async () => {
    expect((await upload({ cookie })).status).toBe(403);
    expect((await upload({ cookie, 'x-workbench': '0' })).status).toBe(403);
    expect((await upload({ cookie, 'content-type': 'multipart/form-data; boundary=x' })).status).toBe(403);
  });

  it('a download is only of a grant, as an attachment of no kind that a browser would open', async () => {
    const file = grants.forBytes('ملف <b>"x".html', new TextEncoder().encode('<script>alert(1)</script>'), 'text/html');
    const answer = await ask(`/download/${file}`, withCookie());
    expect(answer).toMatchObject({ status: 200, body: '<script>alert(1)</script>' });
    expect(answer.headers['content-disposition']).toBe(
      `attachment; filename*=UTF-8''${encodeURIComponent('ملف <b>"x".html')}`,
    );
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    for (const unknown of ['a'.repeat(26), 'x', '', encodeURIComponent(join(folder, 'secret.txt'))]) {
      const refused = await ask(`/download/${unknown}`, withCookie());
      expect(refused.status).toBe(400);
      expect(JSON.parse(refused.body)).toMatchObject({ code: 'grant-expired' });
    }
  });

  it('a download of a granted folder gives a sentence and no listing', async () => {
    const answer = await ask(`/download/${grants.forPath(folder)}`, withCookie());
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'is-a-folder' });
  });
});

describe('the WebSocket', () => {
  function open(headers: Record<string, string>, path = '/rpc'): Promise<'open' | number> {
    return new Promise((resolve) => {
      const socket = new WebSocket(`ws://${own()}${path}`, { headers });
      socket.on('open', () => {
        socket.close();
        resolve('open');
      });
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => resolve(0));
    });
  }

  it('opens for this page', async () => {
    expect(await open({ cookie, origin: `http://${own()}` })).toBe('open');
    expect(ports).toHaveLength(1);
  });

  it.each([
    ['without the cookie', () => ({ origin: `http://${own()}` })],
    ['without an origin', () => ({ cookie })],
    ['of a foreign page', () => ({ cookie, origin: 'https://evil.example' })],
    ['of a sandboxed page', () => ({ cookie, origin: 'null' })],
    ['of a page on another port', () => ({ cookie, origin: 'http://127.0.0.1:1' })],
    ['under a foreign name', () => ({ cookie, origin: `http://${own()}`, host: 'evil.example' })],
  ])('%s is refused', async (_, headers) => {
    expect(await open(headers() as Record<string, string>)).toBe(403);
    expect(ports).toEqual([]);
  });

  it('opens at one path only', async () => {
    expect(await open({ cookie, origin: `http://${own()}` }, '/')).toBe(403);
    expect(await open({ cookie, origin: `http://${own()}` }, '/rpc/../x')).toBe(403);
  });

  it('nonsense on it ends that connection and nothing else', async () => {
    const socket = new WebSocket(`ws://${own()}/rpc`, { headers: { cookie, origin: `http://${own()}` } });
    await new Promise((resolve) => socket.on('open', resolve));
    const heard: string[] = [];
    ports[0]!.onMessage((message) => heard.push(message));
    socket.send('\u0000not json');
    await expect.poll(() => heard).toEqual(['\u0000not json']);
    socket.terminate();
    expect((await ask('/', withCookie())).status).toBe(200);
  });
});

it('listens on the loopback address only', async () => {
  const outside = Object.values(networkInterfaces())
    .flat()
    .filter((address) => address && !address.internal && address.family === 'IPv4');
  for (const address of outside) {
    const reached = await new Promise<boolean>((resolve) => {
      const socket = connect({ port: server.port, host: address!.address, timeout: 1000 }, () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('timeout', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    expect(reached).toBe(false);
  }
});
