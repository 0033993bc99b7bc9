/**
 * The loopback shell: the same services and the same page on 127.0.0.1, where no Electron binary can be had. Six routes:
 * the address with its one-time token, the page's files, uploads, downloads, the WebSocket, and nothing else.
 *
 * Guards, in this order: `Host` must be this address (against DNS rebinding), `Origin` must be this page where the browser
 * sends one (against other sites), the cookie must be the session's (against other programs and users of this machine).
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Port } from '../../shared/contract/rpc.ts';
import { toErrorMessage } from '../../shared/contract/errors.ts';
import { contentSecurityPolicy } from '../services/page-policy.ts';
import type { Grants, OpenedGrant } from '../services/files/grants.ts';
import { takeUpload } from '../services/files/uploads.ts';
import { createSessionTokens } from './session-token.ts';
import type { StaticFiles } from './static-files.ts';

const messageLimitBytes = 64 * 1024 * 1024;
const downloadedAtOnceBytes = 1024 * 1024;

export interface LoopbackServer {
  readonly port: number;
  /** An address with a fresh one-time token. */
  address(): string;
  close(): Promise<void>;
}

function webSocketPort(socket: WebSocket): Port {
  return {
    send: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(message);
    },
    onMessage: (listener) => void socket.on('message', (data: Buffer) => listener(data.toString('utf8'))),
    onClose: (listener) => void socket.on('close', listener),
    close: () => socket.close(),
  };
}

const securityHeaders = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
};

async function* partsOf({ sizeBytes, read }: OpenedGrant): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < sizeBytes;) {
    const part = await read(at, downloadedAtOnceBytes);
    if (part.length === 0) throw new RangeError('the file became shorter');
    at += part.length;
    yield part;
  }
}

/** Listens on 127.0.0.1:`port` (0 = any free one). `connect` is called for each page that opens the WebSocket. */
export async function startLoopbackServer(options: {
  readonly files: StaticFiles;
  readonly grants: Grants;
  readonly connect: (port: Port) => void;
  readonly randomText: () => string;
  readonly port?: number;
}): Promise<LoopbackServer> {
  const { files, grants } = options;
  let port = 0;
  const tokens = createSessionTokens(options.randomText, () => port);

  const ownHosts = (): string[] => [`127.0.0.1:${port}`, `localhost:${port}`];
  const isOwnHost = (request: IncomingMessage): boolean => ownHosts().includes(request.headers.host ?? '');
  const isOwnOrigin = (request: IncomingMessage): boolean =>
    request.headers.origin === undefined || ownHosts().some((host) => request.headers.origin === `http://${host}`);

  function answer(
    response: ServerResponse,
    status: number,
    body: string | Uint8Array,
    headers: Record<string, string> = {},
  ): void {
    response.writeHead(status, {
      ...securityHeaders,
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
      ...headers,
    });
    response.end(body);
  }

  /** A backup may be larger than memory. */
  async function download(grant: string, isHead: boolean, response: ServerResponse): Promise<void> {
    const file = await grants.openFile(grant);
    try {
      response.writeHead(200, {
        ...securityHeaders,
        'Cache-Control': 'no-store',
        'Content-Type': file.mediaType,
        'Content-Length': file.sizeBytes,
        'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      });
      // Cut short, the length says so to the browser. Whoever reads no more needs no answer.
      await pipeline(Readable.from(isHead ? [] : partsOf(file)), response).catch(() => response.destroy());
    } finally {
      await file.close();
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isOwnHost(request) || !isOwnOrigin(request)) return answer(response, 403, 'This address is not served here.');
    const url = new URL(request.url ?? '/', `http://127.0.0.1:${port}`);
    const isRead = request.method === 'GET' || request.method === 'HEAD';

    const token = url.searchParams.get('token');
    if (isRead && url.pathname === '/' && token !== null) {
      const session = tokens.accepts(request.headers.cookie) ? null : tokens.redeem(token);
      if (session) return answer(response, 302, '', { Location: '/', 'Set-Cookie': tokens.cookie(session) });
      if (tokens.accepts(request.headers.cookie)) return answer(response, 302, '', { Location: '/' });
      return answer(
        response,
        403,
        'This address has been used already. Press Enter in the terminal of the workbench for a new one.',
      );
    }
    if (!tokens.accepts(request.headers.cookie))
      return answer(response, 403, 'Open the workbench by the address that it prints when it starts.');

    if (isRead && url.pathname.startsWith('/download/')) {
      return download(url.pathname.slice('/download/'.length), request.method === 'HEAD', response);
    }
    if (request.method === 'POST' && url.pathname === '/upload') {
      // A header that a foreign form cannot set, beside the Origin check.
      if (request.headers['x-workbench'] !== '1') return answer(response, 403, 'Not allowed.');
      const grant = await takeUpload(url.searchParams.get('name') ?? 'file', request, grants);
      return answer(response, 200, JSON.stringify({ grant }), { 'Content-Type': 'application/json' });
    }
    const file = isRead ? await files.get(url.pathname) : null;
    if (!file) return answer(response, 404, 'Not found.');
    answer(response, 200, request.method === 'HEAD' ? '' : file.bytes, {
      'Content-Type': file.mediaType,
      'Cache-Control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-cache',
    });
  }

  const server: Server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      const { code, message } = toErrorMessage(error);
      answer(response, code === 'internal' ? 500 : 400, JSON.stringify({ code, message }), {
        'Content-Type': 'application/json',
      });
    });
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageLimitBytes });
  server.on('upgrade', (request, socket, head) => {
    // Browsers always send Origin with a WebSocket; a missing one is not a page.
    const allowed =
      isOwnHost(request) &&
      request.headers.origin !== undefined &&
      isOwnOrigin(request) &&
      tokens.accepts(request.headers.cookie) &&
      request.url === '/rpc';
    if (!allowed) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => options.connect(webSocketPort(webSocket)));
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;

  return {
    port,
    address: () => `http://127.0.0.1:${port}/?token=${tokens.issue()}`,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
