/**
 * Gets one object over HTTP. What came before a cut is kept and only the rest is asked for, where the server can do that
 * (`Range`); of larger objects also from one start of the program to the next, in the profile's cache. Objects never
 * change under their names, so that the two ends always fit; whether they do is seen by the object's own hash.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AbortSignalLike } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { captive } from './http-failures.ts';
import { textOfPage, type HttpHead, type HttpRequest, type HttpTransport } from './http-transport.ts';

/** Larger files are none of ours. */
const largestObjectBytes = 600 * 1024 * 1024;
/** Smaller beginnings are not worth a file. */
const keptFromBytes = 64 * 1024;

export interface Download {
  readonly transport: HttpTransport;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly prepare?: HttpRequest['prepare'];
  readonly signal?: AbortSignalLike | undefined;
  /** Where beginnings are kept. */
  readonly partsFolder: string;
}

/** `body` is the whole object for a status of 200, the server's own answer otherwise. */
export async function download(
  options: Download,
): Promise<{ readonly status: number; readonly headers: Headers; readonly body: Uint8Array }> {
  const { transport, url, signal } = options;
  const path = join(options.partsFolder, createHash('sha256').update(url).digest('hex').slice(0, 32));
  let parts: Uint8Array[] = [];
  let length = 0;
  let answering: HttpHead | null = null;
  const kept = await readFile(path).catch(() => null);
  if (kept) {
    parts = [new Uint8Array(kept)];
    length = kept.length;
  }

  function take(chunk: Uint8Array, head: HttpHead): void {
    if (head !== answering) {
      answering = head;
      const begins = /^bytes (\d+)-/.exec(head.headers.get('content-range') ?? '')?.[1];
      if (head.status !== 206 || Number(begins) !== length) {
        // It begins anew, or somewhere else: what it sends then does not fit what is here.
        parts = [];
        length = 0;
        if (head.status === 206 && Number(begins) !== 0) return;
      }
    }
    parts.push(chunk.slice());
    length += chunk.length;
  }

  try {
    const answer = await transport.send({
      method: 'GET',
      url,
      headers: options.headers,
      signal,
      maxBytes: largestObjectBytes,
      onBody: take,
      prepare: (headers) => {
        const asked = length > 0 ? { ...headers, range: `bytes=${length}-` } : headers;
        return options.prepare ? options.prepare(asked) : asked;
      },
    });
    const { status, headers } = answer;
    if (status === 416 && length > 0) {
      // What is kept is as long as the object, or longer: which, its hash will tell.
      await rm(path, { force: true });
      const size = Number(/\*\/(\d+)/.exec(answer.headers.get('content-range') ?? '')?.[1] ?? length);
      if (size === length) return { status: 200, headers, body: concat(parts, length) };
      parts = [];
      length = 0;
      return download(options);
    }
    if (status !== 200 && status !== 206) return { status, headers, body: answer.body };
    if (kept) await rm(path, { force: true });
    const body = concat(parts, length);
    if (looksLikePage(body)) throw captive(url, 'It answers with a page to sign in.', textOfPage(body));
    return { status: 200, headers, body };
  } catch (error) {
    if (
      !(error instanceof WorkbenchError && error.code === 'network-captive') &&
      length >= keptFromBytes &&
      length > (kept?.length ?? 0)
    ) {
      // A cache: where it cannot be written, the object is got from its beginning again.
      await mkdir(options.partsFolder, { recursive: true })
        .then(() => writeFile(path, concat(parts, length)))
        .catch(() => undefined);
    }
    throw error;
  }
}

/** Beginnings and parts of objects that were cut on their way here; what else lies there is left. */
export async function dropKeptDownloads(partsFolder: string): Promise<void> {
  const names = await readdir(partsFolder).catch((error: NodeJS.ErrnoException) => {
    // What could not be looked for is not known to be gone.
    if (error.code !== 'ENOENT') throw error;
    return [];
  });
  for (const name of names) if (!name.endsWith('.json')) await rm(join(partsFolder, name), { force: true });
}

/** No object begins so: they begin with their mark, or with the bracket of JSON. */
function looksLikePage(body: Uint8Array): boolean {
  return /^\s*<(!doctype|html|head|body|script|meta)/i.test(new TextDecoder().decode(body.subarray(0, 64)));
}

function concat(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
