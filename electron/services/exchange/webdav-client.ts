/** WebDAV in the few verbs that a store needs: PROPFIND, GET, PUT, MOVE, DELETE, MKCOL. Knows nothing of circles. */
import type { AbortSignalLike } from '../../../shared/contract/contract.ts';
import { away, captive, notWritable, refused, serverFull, unsuitable } from './http-failures.ts';
import { textOfPage, type HttpAnswer, type HttpRequest, type HttpTransport } from './http-transport.ts';
import { download } from './object-download.ts';
import { propfindBody, readMultistatus, type DavEntry } from './webdav-listing.ts';

export interface WebdavClient {
  /** The address of the folder, with a slash at its end. */
  readonly base: string;
  /** Null when there is no such folder. `path` as `heads/`, empty for the folder itself. */
  list(path: string, signal?: AbortSignalLike): Promise<readonly DavEntry[] | null>;
  /** Null when there is none. */
  get(path: string, signal?: AbortSignalLike): Promise<Uint8Array | null>;
  /** Replaces what is there. False when a folder above it is missing. */
  put(path: string, bytes: Uint8Array, signal?: AbortSignalLike): Promise<boolean>;
  /** `missing`: the source, or a folder above the target. */
  move(from: string, to: string, signal?: AbortSignalLike): Promise<'moved' | 'present' | 'missing'>;
  /** What is not there is no error. */
  remove(path: string): Promise<void>;
  /** A folder that is there already is no error. */
  makeFolder(path: string, signal?: AbortSignalLike): Promise<void>;
  /** -1 when there is none. */
  sizeOf(path: string, signal?: AbortSignalLike): Promise<number>;
}

export interface WebdavClientOptions {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly transport: HttpTransport;
  readonly partsFolder: string;
}

export function createWebdavClient({ url, user, password, transport, partsFolder }: WebdavClientOptions): WebdavClient {
  const base = url.endsWith('/') ? url : `${url}/`;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
  const headers: Record<string, string> = user === '' && password === '' ? {} : { authorization };
  const urlOf = (path: string): string => base + path.split('/').map(encodeURIComponent).join('/');

  async function send(
    method: string,
    path: string,
    more: Partial<Omit<HttpRequest, 'method' | 'url'>> = {},
  ): Promise<HttpAnswer> {
    const request = { method, url: urlOf(path), ...more, headers: { ...headers, ...more.headers } };
    const answer = await transport.send(request);
    if (answer.status === 401) throw refused(base, 401, schemesOf(answer));
    if (answer.status === 507) throw serverFull(base);
    return answer;
  }

  /** What neither did it nor said plainly why not. */
  function unexpected(method: string, { status, body }: HttpAnswer): Error {
    if (status === 403 && method !== 'GET' && method !== 'PROPFIND') return notWritable(base, status);
    if (status === 403) return refused(base, status);
    if ([405, 501].includes(status)) {
      if (method === 'PROPFIND')
        return unsuitable(base, `there is no WebDAV folder (it answers ${status}).`, { status });
      return notWritable(base, status);
    }
    if (status < 400) return captive(base, `It answers ${status} to ${method}.`, textOfPage(body));
    return away(base, `It answers ${status} to ${method}.`, { status });
  }

  async function sizeOf(path: string, signal?: AbortSignalLike): Promise<number> {
    const answer = await send('PROPFIND', path, {
      headers: { depth: '0', 'content-type': 'application/xml; charset=utf-8' },
      body: propfindBody,
      signal,
    });
    if (answer.status === 404 || answer.status === 410) return -1;
    const read = answer.status === 207 ? readMultistatus(answer.body, urlOf(path)) : null;
    if (!read) throw unexpected('PROPFIND', answer);
    return (read.self ?? read.entries[0])?.sizeBytes ?? -1;
  }

  return {
    base,
    sizeOf,

    async list(path, signal) {
      const answer = await send('PROPFIND', path, {
        headers: { depth: '1', 'content-type': 'application/xml; charset=utf-8' },
        body: propfindBody,
        signal,
      });
      if (answer.status === 404 || answer.status === 410) return null;
      // IIS says 409 of a folder whose parent is not there.
      if (answer.status === 409) return null;
      const read = answer.status === 207 ? readMultistatus(answer.body, urlOf(path)) : null;
      if (!read) {
        if (answer.status === 207) throw away(base, 'Its list of files cannot be read: it is cut, or no list.');
        throw unexpected('PROPFIND', answer);
      }
      return read.entries;
    },

    async get(path, signal) {
      const found = await download({ transport, url: urlOf(path), headers, signal, partsFolder });
      if (found.status === 200) return found.body;
      if (found.status === 404 || found.status === 410) return null;
      if (found.status === 401) throw refused(base, 401);
      throw unexpected('GET', { ...found, wasDone: false });
    },

    async put(path, bytes, signal) {
      const type = 'application/octet-stream';
      const wasDone = async (): Promise<boolean> => (await sizeOf(path, signal)) === bytes.length && bytes.length > 0;
      const answer = await send('PUT', path, { body: bytes, headers: { 'content-type': type }, signal, wasDone });
      if ([200, 201, 204].includes(answer.status)) return true;
      // A missing parent is 409 by the standard; others say 404, or 403 (Seafile).
      if ([404, 409].includes(answer.status)) return false;
      if (answer.status === 413) {
        throw unsuitable(
          base,
          `it takes no files of ${bytes.length} bytes; its limit is to be raised by whoever runs it.`,
        );
      }
      throw unexpected('PUT', answer);
    },

    async move(from, to, signal) {
      // Had it been moved before the connection broke, nothing stands under the first name any more.
      const wasDone = async (): Promise<boolean> => !(await isThere(from, signal));
      const answer = await send('MOVE', from, {
        headers: { destination: urlOf(to), overwrite: 'F' },
        // nginx says so where the target's folder is missing.
        answers: [500],
        signal,
        wasDone,
      });
      if ([200, 201, 204].includes(answer.status)) return 'moved';
      if (answer.status === 412) return 'present';
      if ([404, 409, 500].includes(answer.status)) return 'missing';
      throw unexpected('MOVE', answer);
    },

    async remove(path) {
      const wasDone = async (): Promise<boolean> => !(await isThere(path));
      const answer = await send('DELETE', path, { wasDone });
      if (![200, 202, 204, 404, 410].includes(answer.status)) throw unexpected('DELETE', answer);
    },

    async makeFolder(path, signal) {
      const answer = await send('MKCOL', path.endsWith('/') ? path : `${path}/`, { signal });
      // 405 by the standard where it is there already; IIS and Synology say 409, some say 301, Seafile 403 or 520.
      if ([200, 201].includes(answer.status)) return;
      if (await isThere(path.endsWith('/') ? path : `${path}/`, signal)) return;
      throw unexpected('MKCOL', answer);
    },
  };

  async function isThere(path: string, signal?: AbortSignalLike): Promise<boolean> {
    const { status } = await send('PROPFIND', path, {
      headers: { depth: '0', 'content-type': 'application/xml; charset=utf-8' },
      body: propfindBody,
      signal,
    });
    return status === 207;
  }
}

function schemesOf({ headers }: HttpAnswer): string {
  const wanted = headers.get('www-authenticate') ?? '';
  if (wanted === '' || /\bbasic\b/i.test(wanted)) return '';
  return ` It asks to sign in in a way that this program does not know (${wanted.split(' ')[0]}).`;
}
