/**
 * One request to a hub, over http-transport.ts: its answer told apart from whatever else may answer in its place, and its
 * refusals as WorkbenchErrors. All requests can be sent again. The operations are those of hub/openapi.json.
 */
import type { AbortSignalLike } from '../../../shared/contract/contract.ts';
import { WorkbenchError, type ErrorCode } from '../../../shared/contract/errors.ts';
import { BusyAnswer, type HttpAnswer, type HttpRequest, type HttpTransport } from './http-transport.ts';
import { download } from './object-download.ts';

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
  /** It was sent more than once: an earlier sending may have done what was asked. */
  readonly resent: boolean;
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
  readonly transport: HttpTransport;
  /** Where the beginnings of large objects are kept when the connection was cut. */
  readonly partsFolder: string;
}

/** Fails with `invalid-input` when `url` is no address of a server. */
export function createHubHttp({ url, transport, partsFolder }: HubHttpOptions): HubHttp {
  const origin = hubOrigin(url);

  function otherAnswered(status: number): WorkbenchError {
    const message = `Something else than a hub answered at ${origin} (status ${status}): a login page of the network, perhaps. What you wrote is safe on this machine.`;
    return new WorkbenchError('network-captive', message, { place: origin, status });
  }

  /** What the hub itself says of why it does not work now is more than its status. */
  function refusalIn(error: unknown): HubRefusal | null {
    if (!(error instanceof WorkbenchError) || !(error.cause instanceof BusyAnswer)) return null;
    return refusalOf(error.cause.answer);
  }

  return {
    origin,
    async send({ method, path, session, json, bytes, signal }) {
      const address = `${origin}${path}`;
      const headers: Record<string, string> = session === undefined ? {} : { authorization: `Bearer ${session}` };
      try {
        if (method === 'GET' && objectPath.test(path)) {
          const found = await download({ transport, url: address, headers, signal, partsFolder });
          return read(found, false);
        }
        let resent = false;
        const answer = await transport.send({
          ...{ method, url: address, signal },
          ...bodyOf(json, bytes, headers),
          async wasDone() {
            resent = true;
            return false;
          },
        });
        return read(answer, resent);
      } catch (error) {
        throw refusalIn(error) ?? error;
      }
    },
  };

  function read(answer: Answered, resent: boolean): HubAnswer {
    const { status, headers, body } = answer;
    const isGood = status >= 200 && status < 300;
    if (status === 204) return { status, json: {}, bytes: body, resent };
    if (isGood && typeOf(headers).startsWith('application/octet-stream'))
      return { status, json: {}, bytes: body, resent };
    const json = typeOf(headers).startsWith('application/json') ? parse(body) : null;
    if (json === null) throw otherAnswered(status);
    if (isGood) return { status, json, bytes: new Uint8Array(), resent };
    throw refusalOf(answer) ?? otherAnswered(status);
  }

  function refusalOf({ headers, body }: Answered): HubRefusal | null {
    const { code, message } = (typeOf(headers).startsWith('application/json') && parse(body)) || {};
    if (typeof code !== 'string' || typeof message !== 'string') return null;
    const retryAfterSeconds = Number(headers.get('retry-after') ?? NaN);
    return new HubRefusal(code, codes[code] ?? 'channel-refused', message, {
      place: origin,
      ...(code === 'not-owner' ? { kept: 1 } : {}),
      ...(retryAfterSeconds >= 0 ? { retryAfterMs: retryAfterSeconds * 1000 } : {}),
    });
  }
}

type Answered = Pick<HttpAnswer, 'status' | 'headers' | 'body'>;

const objectPath = /^\/v1\/circles\/[^/]+\/objects\//;

const typeOf = (headers: Headers): string => headers.get('content-type') ?? '';

function bodyOf(
  json: unknown,
  bytes: Uint8Array | undefined,
  headers: Readonly<Record<string, string>>,
): Pick<HttpRequest, 'headers' | 'body'> {
  if (bytes !== undefined) return { headers: { ...headers, 'content-type': 'application/octet-stream' }, body: bytes };
  // Lists of names are long and alike.
  const compressed = { ...headers, 'accept-encoding': 'gzip' };
  if (json === undefined) return { headers: compressed };
  const body = new TextEncoder().encode(JSON.stringify(json));
  return { headers: { ...compressed, 'content-type': 'application/json' }, body };
}

/** `http:` or `https:`, host and port. */
export function hubOrigin(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed && /^https?:$/.test(parsed.protocol)) return parsed.origin;
  throw new WorkbenchError('invalid-input', `${url} is not the address of a hub. It begins with https:// or http://.`);
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
