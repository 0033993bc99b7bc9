/**
 * Requests to servers over links that are slow, break, or are not what they say. A request is given up when nothing has
 * moved for a while, never for taking long; what broke is tried again after a growing, scattered wait; what answers in
 * the server's place is recognised and named; a length that was announced is only believed once it has arrived. Stores
 * over HTTP (webdav-remote-store.ts, s3-remote-store.ts) are built on this.
 */
import type { AbortSignalLike } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { away, captive, certificateProblem, networkCodeOf, stopped } from './http-failures.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignalLike | undefined;
  /** Larger answers are refused: they would only end the program. */
  readonly maxBytes?: number;
  /** Bytes of the answer are handed over as they come, and what came of a cut one is not lost. */
  readonly onBody?: (chunk: Uint8Array, answer: HttpHead) => void;
  /** Statuses that are answers although they mostly say that a server is not working. */
  readonly answers?: readonly number[];
  /** Called before each sending: signs it, or changes what is asked for after a cut. */
  readonly prepare?: (headers: Record<string, string>) => Promise<Record<string, string>> | Record<string, string>;
  /** Called before it is tried again after a cut that may have come after the server had done it. True: it was done. */
  readonly wasDone?: () => Promise<boolean>;
}

export interface HttpHead {
  readonly status: number;
  readonly headers: Headers;
}
export interface HttpAnswer extends HttpHead {
  readonly body: Uint8Array;
  /** `wasDone` said so; there was no answer. */
  readonly wasDone: boolean;
}

export interface HttpTransport {
  /** Any answer of the server itself that is no refusal to work now (429, 5xx); those fail like a network that is away. */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

export interface HttpTransportOptions {
  readonly fetch: typeof globalThis.fetch;
  readonly after: (delayMs: number, act: () => void) => () => void;
  /** From 0 to 1. */
  readonly chance: () => number;
  readonly onTraffic: (bytes: { readonly sent: number; readonly received: number }) => void;
  /** Given up when nothing has moved for so long. */
  readonly stallMs?: number;
  readonly tries?: number;
  readonly firstWaitMs?: number;
}

const usualMaxBytes = 64 * 1024 * 1024;
const chunkBytes = 16 * 1024;
const mostRedirects = 5;
/** A server that says when to come again and means soon is waited for here; otherwise the scheduler does that. */
const longestWaitHereMs = 10_000;

export function createHttpTransport(options: HttpTransportOptions): HttpTransport {
  const { after, chance, onTraffic, stallMs = 60_000, tries = 4, firstWaitMs = 500 } = options;

  function wait(delayMs: number, signal: AbortSignalLike | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        callOff();
        reject(stopped());
      };
      const callOff = after(delayMs, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      signal?.addEventListener('abort', abort);
    });
  }

  /** One sending. Throws what broke it; a stall is told as `stalled`. */
  async function once(request: HttpRequest, url: string, headers: Record<string, string>): Promise<HttpAnswer> {
    const { method, body, signal } = request;
    const controller = new AbortController();
    let isStalled = false;
    let callOff: () => void = () => undefined;
    const moved = (): void => {
      callOff();
      callOff = after(stallMs, () => {
        isStalled = true;
        controller.abort();
      });
    };
    const abort = (): void => controller.abort();
    signal?.addEventListener('abort', abort);
    moved();
    try {
      const response = await options.fetch(url, {
        method,
        headers: { 'accept-encoding': 'identity', ...headers, ...(body ? { 'content-length': `${body.length}` } : {}) },
        redirect: 'manual',
        signal: controller.signal,
        ...(body ? { body: streamOf(body, moved, onTraffic), duplex: 'half' as const } : {}),
      } as RequestInit);
      const head = { status: response.status, headers: response.headers };
      const received = await readBody(response, head, request, moved);
      return { ...head, body: received, wasDone: false };
    } catch (error) {
      if (signal?.aborted) throw stopped();
      if (isStalled) throw new Stalled(stallMs);
      throw error;
    } finally {
      callOff();
      signal?.removeEventListener('abort', abort);
    }
  }

  async function readBody(
    response: Response,
    head: HttpHead,
    { onBody, maxBytes = usualMaxBytes, url, method }: HttpRequest,
    moved: () => void,
  ): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    if (response.body) {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        moved();
        length += chunk.length;
        onTraffic({ sent: 0, received: chunk.length });
        if (length > maxBytes) {
          const message = `${url} sends more than any object has. It was not read to its end.`;
          throw new WorkbenchError('channel-unsuitable', message, { url });
        }
        // A page that answers in the server's place is no part of an object.
        if (onBody && isPartOfObject(head)) onBody(chunk, head);
        else chunks.push(chunk);
      }
    }
    const announced = Number(head.headers.get('content-length') ?? NaN);
    // The length of what was compressed is that of other bytes; the compression has a check of its own.
    const isCoded = !['identity', ''].includes(head.headers.get('content-encoding') ?? '');
    const isWhole = isCoded || !Number.isFinite(announced) || announced === length || method === 'HEAD';
    if (!isWhole) throw new CutShort(announced, length);
    return concat(chunks, onBody ? undefined : length);
  }

  /** Follows redirects within the server; one that leads elsewhere is a sign-in page's. */
  async function follow(request: HttpRequest): Promise<HttpAnswer> {
    let { url } = request;
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const prepared = { ...request.headers };
      const headers = request.prepare ? await request.prepare(prepared) : prepared;
      const answer = await once(request, url, headers);
      const target = [301, 302, 303, 307, 308].includes(answer.status) ? answer.headers.get('location') : null;
      if (target === null) return answer;
      const next = new URL(target, url);
      const here = new URL(url);
      const isUpgrade = here.protocol === 'http:' && next.protocol === 'https:' && next.hostname === here.hostname;
      const isReading = ['GET', 'HEAD', 'PROPFIND'].includes(request.method);
      if (!isUpgrade && next.origin !== here.origin) throw captive(request.url, `It sends on to ${next.origin}.`);
      if (!isReading) {
        const message = `${request.url} has moved to ${next.href}. Nothing was sent there; give the new address.`;
        throw new WorkbenchError('channel-unsuitable', message, { url: request.url, moved: next.href });
      }
      url = next.href;
    }
    throw new WorkbenchError('channel-unsuitable', `${request.url} sends round in a circle.`, { url: request.url });
  }

  return {
    async send(request) {
      const { url, signal } = request;
      for (let attempt = 1; ; attempt += 1) {
        if (signal?.aborted) throw stopped();
        let failure: WorkbenchError;
        let waitMs = firstWaitMs * 2 ** (attempt - 1) * (0.5 + chance());
        try {
          const answer = await follow(request);
          const page = pageInstead(answer);
          if (page !== null) throw captive(url, 'It answers with a page to sign in.', page);
          const retryAfterMs = retryAfter(answer);
          if (!isBusy(answer.status) || request.answers?.includes(answer.status)) return answer;
          const reason = `It answers ${answer.status} and is not working at the moment.`;
          failure = away(url, reason, { retryAfterMs }, new BusyAnswer(answer));
          if (retryAfterMs !== undefined && retryAfterMs > longestWaitHereMs) throw failure;
          waitMs = Math.max(waitMs, retryAfterMs ?? 0);
        } catch (error) {
          if (error instanceof WorkbenchError) throw error;
          const certificate = certificateProblem(url, error);
          if (certificate) throw certificate;
          failure = away(url, reasonOf(error), {}, error);
        }
        if (attempt >= tries) throw failure;
        await wait(waitMs, signal);
        if (request.wasDone && (await request.wasDone()))
          return { status: 204, headers: new Headers(), body: new Uint8Array(), wasDone: true };
      }
    },
  };
}

/** What a server said that does not work now: the cause of such a failure. */
export class BusyAnswer extends Error {
  readonly answer: HttpAnswer;

  constructor(answer: HttpAnswer) {
    super(`it answered ${answer.status}`);
    this.answer = answer;
  }
}
class Stalled extends Error {
  constructor(stallMs: number) {
    super(`nothing moved for ${Math.round(stallMs / 1000)} seconds`);
  }
}
class CutShort extends Error {
  constructor(announced: number, length: number) {
    super(`${announced} bytes were announced and ${length} came`);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Stalled) return `The connection stands still: ${error.message}.`;
  if (error instanceof CutShort) return `The answer was cut short: ${error.message}.`;
  const code = networkCodeOf(error);
  return `The connection failed${code ? ` (${code})` : ''}.`;
}

/** In pieces, so that it is seen to move. */
function streamOf(
  body: Uint8Array,
  moved: () => void,
  onTraffic: HttpTransportOptions['onTraffic'],
): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        moved();
        if (at >= body.length) {
          controller.close();
          return;
        }
        const chunk = body.slice(at, at + chunkBytes);
        at += chunk.length;
        onTraffic({ sent: chunk.length, received: 0 });
        controller.enqueue(chunk);
      },
    },
    { highWaterMark: 0 },
  );
}

function isPartOfObject({ status, headers }: HttpHead): boolean {
  return (status === 200 || status === 206) && !isHtml(headers);
}

function isHtml(headers: Headers): boolean {
  return /^\s*(text\/html|application\/xhtml)/i.test(headers.get('content-type') ?? '');
}

/** The text of a page where no page has any business: 200 or 511 with HTML. Servers say 201, 4xx and 5xx with pages. */
function pageInstead({ status, headers, body }: HttpAnswer): string | null {
  if (status === 511) return textOfPage(body);
  const beginsLikePage = /^\s*<(!doctype html|html|head|body|script|meta)/i.test(
    new TextDecoder().decode(body.subarray(0, 256)),
  );
  return (status === 200 || status === 203) && (isHtml(headers) || beginsLikePage) ? textOfPage(body) : null;
}

/** The beginning of what a person would read on a page. */
export function textOfPage(body: Uint8Array): string {
  return new TextDecoder()
    .decode(body.subarray(0, 65_536))
    .replaceAll(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&nbsp;|\s+/g, ' ')
    .trim()
    .slice(0, 300);
}

function isBusy(status: number): boolean {
  // 507 says that there is no room, 501 and 505 that it never will do it.
  return (
    status === 429 || status === 408 || status === 423 || (status >= 500 && ![501, 505, 507, 511].includes(status))
  );
}

/** In milliseconds, by the server's own clock where it gives a date. */
function retryAfter({ headers }: HttpHead): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value) - Date.parse(headers.get('date') ?? '');
  return Number.isFinite(until) && until > 0 ? until : undefined;
}

function concat(chunks: readonly Uint8Array[], length?: number): Uint8Array {
  const whole = new Uint8Array(length ?? chunks.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
