/**
 * A WebDAV server in this process, reached by the `fetch` that it gives: as much of one as the program speaks to, and the
 * link to it as bad as a test wants. What real servers do is tested against real ones (test/servers).
 */
export interface WebdavFaults {
  /** From 0 to 1: how likely each request goes wrong. */
  share: number;
  readonly chance: () => number;
}

export interface WebdavPlace {
  readonly fetch: typeof globalThis.fetch;
  /** By path below the folder, without a slash in front. */
  readonly files: Map<string, Uint8Array>;
  readonly faults: WebdavFaults;
  /** How many requests went wrong, by how. */
  readonly suffered: Record<Fault, number>;
}

const faultKinds = ['reset', 'unanswered', 'busy', 'sign-in', 'cut'] as const;
export type Fault = (typeof faultKinds)[number];

export function createWebdavPlace(chance: () => number): WebdavPlace {
  const files = new Map<string, Uint8Array>();
  const folders = new Set(['']);
  const faults: WebdavFaults = { share: 0, chance };
  const suffered: Record<Fault, number> = { reset: 0, unanswered: 0, busy: 0, 'sign-in': 0, cut: 0 };
  const pathOf = (url: string): string => decodeURIComponent(new URL(url).pathname).replace(/^\/[^/]*\//, '');
  const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

  function entry(href: string, size: number | null): string {
    const type = size === null ? '<d:resourcetype><d:collection/></d:resourcetype>' : '<d:resourcetype/>';
    const length = size === null ? '' : `<d:getcontentlength>${size}</d:getcontentlength>`;
    const prop = `<d:prop>${type}${length}</d:prop><d:status>HTTP/1.1 200 OK</d:status>`;
    return `<d:response><d:href>${encodeURI(href)}</d:href><d:propstat>${prop}</d:propstat></d:response>`;
  }

  function listing(path: string, deep: boolean): Response {
    const file = files.get(path);
    const entries: string[] = [];
    if (file) entries.push(entry(`/dav/${path}`, file.length));
    else if (folders.has(path)) {
      entries.push(entry(`/dav/${path}`, null));
      if (deep) {
        for (const [name, bytes] of files) {
          if (folderOf(name) === path) entries.push(entry(`/dav/${name}`, bytes.length));
        }
      }
    } else return new Response(null, { status: 404 });
    const body = `<?xml version="1.0"?><d:multistatus xmlns:d="DAV:">${entries.join('')}</d:multistatus>`;
    return new Response(body, { status: 207, headers: { 'content-type': 'application/xml' } });
  }

  async function answer(request: Request): Promise<Response> {
    const path = pathOf(request.url);
    switch (request.method) {
      case 'PROPFIND':
        return listing(path, request.headers.get('depth') === '1');
      case 'GET': {
        const bytes = files.get(path);
        if (!bytes) return new Response(null, { status: 404 });
        const headers = { 'content-type': 'application/octet-stream', 'content-length': `${bytes.length}` };
        return new Response(bytes.slice(), { status: 200, headers });
      }
      case 'PUT':
        if (!folders.has(folderOf(path))) return new Response(null, { status: 409 });
        files.set(path, new Uint8Array(await request.arrayBuffer()));
        return new Response(null, { status: 201 });
      case 'MOVE': {
        const bytes = files.get(path);
        const target = pathOf(request.headers.get('destination') ?? '');
        if (!bytes || !folders.has(folderOf(target))) return new Response(null, { status: bytes ? 409 : 404 });
        if (files.has(target)) return new Response(null, { status: 412 });
        files.delete(path);
        files.set(target, bytes);
        return new Response(null, { status: 201 });
      }
      case 'DELETE':
        return new Response(null, { status: files.delete(path) ? 204 : 404 });
      case 'MKCOL': {
        const isNew = !folders.has(path);
        folders.add(path);
        return new Response(null, { status: isNew ? 201 : 405 });
      }
      default:
        return new Response(null, { status: 501 });
    }
  }

  function reset(): never {
    throw new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
  }

  return {
    files,
    faults,
    suffered,
    async fetch(input, init) {
      const request = new Request(input, init);
      if (chance() >= faults.share) return answer(request);
      const fault = faultKinds[Math.floor(chance() * faultKinds.length)]!;
      suffered[fault] += 1;
      if (fault === 'reset') reset();
      if (fault === 'busy') return new Response('busy', { status: 503 });
      if (fault === 'sign-in') {
        const page = '<!doctype html><html><body>Please sign in to this network.</body></html>';
        return new Response(page, { status: 200, headers: { 'content-type': 'text/html' } });
      }
      const response = await answer(request);
      if (fault === 'unanswered') reset();
      // Lies about the length, or is cut on the way: to whoever reads it that is the same.
      const body = new Uint8Array(await response.arrayBuffer());
      const kept = body.slice(0, Math.floor(body.length * chance()));
      const headers = new Headers(response.headers);
      headers.set('content-length', `${body.length}`);
      const isBodiless = response.status === 204 || response.status === 412;
      return new Response(isBodiless ? null : kept, { status: response.status, headers });
    },
  };
}
