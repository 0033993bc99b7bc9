/**
 * `app://workbench/`: the page's own files and its uploads, by exact name, with the content security policy. Nothing else
 * is answered; `file://` is never used.
 */
import type { Session } from 'electron';
import { contentSecurityPolicy } from '../services/page-policy.ts';
import type { StaticFiles } from '../loopback/static-files.ts';

export const pageScheme = 'app';
export const pageOrigin = `${pageScheme}://workbench`;

/** `upload` keeps bytes that the page was given (dropped files) and returns their grant. */
export function serveProtocol(
  session: Session,
  files: StaticFiles,
  upload: (name: string, bytes: Uint8Array) => Promise<string>,
): void {
  session.protocol.handle(pageScheme, async (request) => {
    const url = new URL(request.url);
    const headers = { 'Content-Security-Policy': contentSecurityPolicy, 'X-Content-Type-Options': 'nosniff' };
    if (url.host !== 'workbench') return new Response('Not found.', { status: 404, headers });
    if (request.method === 'POST' && url.pathname === '/upload' && request.headers.get('x-workbench') === '1') {
      const grant = await upload(url.searchParams.get('name') ?? 'file', new Uint8Array(await request.arrayBuffer()));
      return Response.json({ grant }, { headers });
    }
    const file = request.method === 'GET' ? await files.get(url.pathname) : null;
    if (!file) return new Response('Not found.', { status: 404, headers });
    return new Response(file.bytes as Uint8Array<ArrayBuffer>, {
      headers: { ...headers, 'Content-Type': file.mediaType },
    });
  });
}
