/**
 * One request to a hub: its answer told apart from whatever else may answer in its place, and its refusals as
 * WorkbenchErrors. The operations are those of hub/openapi.json.
 */
import type { AbortSignalLike } from '../../../shared/contract/contract.ts';
import { WorkbenchError, type ErrorCode } from '../../../shared/contract/errors.ts';

export interface HubRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** From the root, such as `/v1/challenges`. */
  readonly path: string;
  readonly session?: string;
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  readonly signal?: AbortSignalLike | undefined;
}

export interface HubAnswer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
  /** Of an object; empty otherwise. */
  readonly bytes: Uint8Array;
}

export interface HubHttp {
  /** Where the hub is, without a path. */
  readonly origin: string;
  /** Rejects with HubRefusal, `network-unreachable`, `network-captive` or `cancelled`. */
  send(request: HubRequest): Promise<HubAnswer>;
}

/** What the hub itself said, by its own code (hub/hub-error.ts). */
export class HubRefusal extends WorkbenchError {
  readonly hubCode: string;

  constructor(hubCode: string, code: ErrorCode, message: string, data: Readonly<Record<string, string | number>>) {
    super(code, message, data);
    this.hubCode = hubCode;
  }
}

/** By the hub's code; what is not here is a refusal that waiting does not mend. */
const codes: Readonly<Record<string, ErrorCode>> = {
  'circle-unknown': 'hub-circle-unknown',
  'not-admitted': 'hub-not-admitted',
  'device-removed': 'hub-device-removed',
  'code-needed': 'hub-code-needed',
  'not-founder': 'hub-circle-unknown',
  'invitation-used': 'hub-invitation-used',
  'invitation-unknown': 'hub-invitation-unknown',
  'circle-full': 'hub-full',
  'device-full': 'hub-full',
  'object-too-large': 'hub-full',
  'not-owner': 'destination-not-writable',
  'not-administrator': 'not-allowed',
  'last-administrator': 'not-allowed',
  'rate-limited': 'network-unreachable',
  'body-too-slow': 'network-unreachable',
  'storage-away': 'network-unreachable',
  busy: 'network-unreachable',
  ending: 'network-unreachable',
  internal: 'network-unreachable',
};

export interface HubHttpOptions {
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  readonly onTraffic?: (bytes: { readonly sent: number; readonly received: number }) => void;
}

/** Fails with `invalid-input` when `url` is no address of a server. */
export function createHubHttp({ url, fetch, onTraffic }: HubHttpOptions): HubHttp {
  const origin = hubOrigin(url);

  function away(error: unknown): WorkbenchError {
    const message = `The hub at ${origin} cannot be reached. What you wrote is safe on this machine and will be exchanged when it can be.`;
    return new WorkbenchError('network-unreachable', message, { place: origin }, { cause: error });
  }

  function otherAnswered(status: number): WorkbenchError {
    const message = `Something else than a hub answered at ${origin} (status ${status}): a login page of the network, perhaps. What you wrote is safe on this machine.`;
    return new WorkbenchError('network-captive', message, { place: origin, status });
  }

  return {
    origin,
    async send({ method, path, session, json, bytes, signal }) {
      if (signal?.aborted) throw stopped();
      const abort = new AbortController();
      const onAbort = (): void => abort.abort();
      signal?.addEventListener('abort', onAbort);
      try {
        const response = await fetch(`${origin}${path}`, {
          method,
          redirect: 'error',
          signal: abort.signal,
          headers: {
            ...(session === undefined ? {} : { authorization: `Bearer ${session}` }),
            ...(json === undefined ? {} : { 'content-type': 'application/json' }),
            ...(bytes === undefined ? {} : { 'content-type': 'application/octet-stream' }),
          },
          ...(json === undefined ? {} : { body: JSON.stringify(json) }),
          ...(bytes === undefined ? {} : { body: bytes as Uint8Array<ArrayBuffer> }),
        });
        const body = new Uint8Array(await response.arrayBuffer());
        onTraffic?.({ sent: bytes?.length ?? 0, received: body.length });
        return read(response, body);
      } catch (error) {
        if (error instanceof WorkbenchError) throw error;
        if (signal?.aborted) throw stopped();
        throw away(error);
      } finally {
        signal?.removeEventListener('abort', onAbort);
      }
    },
  };

  function read(response: Response, body: Uint8Array): HubAnswer {
    const { status } = response;
    const type = response.headers.get('content-type') ?? '';
    if (status === 204) return { status, json: {}, bytes: body };
    if (response.ok && type.startsWith('application/octet-stream')) {
      const declared = Number(response.headers.get('content-length') ?? body.length);
      if (declared !== body.length) throw away(new Error(`${body.length} of ${declared} bytes came`));
      return { status, json: {}, bytes: body };
    }
    const json = type.startsWith('application/json') ? parse(body) : null;
    if (json === null) throw otherAnswered(status);
    if (response.ok) return { status, json, bytes: new Uint8Array() };
    const { code, message } = json;
    if (typeof code !== 'string' || typeof message !== 'string') throw otherAnswered(status);
    const retryAfterSeconds = Number(response.headers.get('retry-after') ?? NaN);
    throw new HubRefusal(code, codes[code] ?? 'channel-refused', message, {
      place: origin,
      ...(retryAfterSeconds >= 0 ? { retryAfterMs: retryAfterSeconds * 1000 } : {}),
    });
  }
}

/** `http:` or `https:`, host and port. */
export function hubOrigin(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed && /^https?:$/.test(parsed.protocol)) return parsed.origin;
  throw new WorkbenchError('invalid-input', `${url} is not the address of a hub. It begins with https:// or http://.`);
}

function stopped(): WorkbenchError {
  return new WorkbenchError('cancelled', 'The exchange was stopped. Nothing is lost by that.');
}

function parse(body: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    // Not JSON, whatever it claims to be: the caller says that something else answered.
    return null;
  }
}
