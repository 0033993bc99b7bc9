/**
 * The hub as an HTTP server: every operation of openapi.json gets its handler, its validation and its guard, and nothing
 * else is served. Bodies of objects are read by the handlers, after everything that can be refused without them.
 */
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Readable, type Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { WebSocketServer } from 'ws';
import type { CircleId, ReplicaId } from '../../shared/ids.ts';
import { HubError } from '../hub-error.ts';
import { createAdmission, type Admission } from '../rules/admission.ts';
import type { Limits } from '../rules/limits.ts';
import { createRateLimiter } from '../rules/rate-limiter.ts';
import { createTokens, type Tokens } from '../rules/tokens.ts';
import type { Storage } from '../storage/storage.ts';
import { readApiDescription, type Operation } from './api-description.ts';
import { createHandlers, type Answer, type Call, type Handler } from './handlers.ts';
import { createMetrics } from './metrics.ts';
import { createNewsSockets } from './news-sockets.ts';
import { createBodyReceiver } from './receive-body.ts';

export interface HubOptions {
  readonly storage: Storage;
  readonly limits: Limits;
  readonly version: string;
  readonly host?: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Where the hub is reached from outside, such as `https://hub.example.org`; otherwise by the `Host` of the request. */
  readonly address?: string;
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
  /** One reverse proxy in front, whose X-Forwarded headers are believed. */
  readonly behindProxy?: boolean;
  /** Anybody may set up a circle, without a founding code. */
  readonly openToAll?: boolean;
  readonly clock?: () => number;
  /** Told of faults: what happened, never what was sent. */
  readonly report?: (error: unknown) => void;
}

export interface Hub {
  readonly port: number;
  readonly admission: Admission;
  /** Lets requests under way finish, tells sockets, and stops. The storage stays open. */
  close(): Promise<void>;
}

const smallBodyBytes = 8 * 1024;
/** A connection on which nothing moves for so long is closed. */
const idleConnectionMs = 60_000;
const headersWithinMs = 20_000;
/** How long a client may go on sending a body that was refused. */
const drainMs = 2_000;
const compressFromBytes = 1024;
const forgetEveryMs = 10 * 60 * 1000;
const compress = promisify(gzip);

export async function startHub(options: HubOptions): Promise<Hub> {
  const { storage, limits, version, clock = Date.now, report = console.error } = options;
  const tokens = createTokens(storage.secret, clock);
  const admission = createAdmission(storage, { clock, openToAll: options.openToAll ?? false });
  const metrics = createMetrics();
  const receiver = createBodyReceiver(limits);
  const byDevice = createRateLimiter(limits.deviceBurst, limits.devicePerSecond, clock);
  const byAddress = createRateLimiter(limits.addressBurst, limits.addressPerSecond, clock);
  const failures = createRateLimiter(limits.failureBurst, limits.failurePerSecond, clock);
  const foundings = createRateLimiter(limits.foundingBurst, limits.foundingPerSecond, clock);
  const onSent = (): void => metrics.count('hub_news_total');
  const sockets = createNewsSockets({ clock, socketsPerDevice: limits.socketsPerDevice, onSent });
  let ending = false;

  const handlers = createHandlers({
    ...{ storage, admission, tokens, limits, metrics, receiver, clock, version, failures, foundings },
    isEnding: () => ending,
    sockets: () => sockets.count(),
  });

  const app = fastify({
    ...(options.tls ? { https: options.tls } : {}),
    trustProxy: options.behindProxy ? (_address: string, hop: number) => hop < 1 : false,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    connectionTimeout: idleConnectionMs,
    keepAliveTimeout: idleConnectionMs,
    // Bodies have a watch of their own: on a slow link a whole segment may take many minutes.
    requestTimeout: 0,
    http: { headersTimeout: headersWithinMs },
    // Longer than any address may be: the patterns of openapi.json decide.
    routerOptions: { maxParamLength: 16_384 },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allowUnionTypes: true } },
  }) as unknown as FastifyInstance;

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', async (_request: FastifyRequest, body: IncomingMessage) => {
    const bytes = await receiver.receive(body, declaredBytesOf(body), smallBodyBytes);
    if (bytes.length === 0) return {};
    try {
      return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown;
    } catch (error) {
      throw new HubError('invalid-input', 'The body is not JSON.', { cause: error });
    }
  });
  // Left unread: the handler reads it.
  app.addContentTypeParser('application/octet-stream', async (_request: FastifyRequest, body: IncomingMessage) => body);

  for (const operation of readApiDescription()) {
    const handler = handlers[operation.id];
    if (!handler) throw new Error(`openapi.json names an operation without a handler: ${operation.id}`);
    route(app, operation, handler);
  }

  app.setNotFoundHandler(() => {
    throw new HubError('not-found', 'There is nothing at this address.');
  });
  app.setErrorHandler((error, _request, reply) => {
    const refusal = refusalOf(error);
    if (refusal.status >= 500 && refusal.code !== 'ending') report(error);
    metrics.count('hub_refused_total', { code: refusal.code });
    return sendError(reply, refusal);
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    if (ending && request.url !== '/health') {
      throw new HubError('ending', 'This process of the hub is ending. Try again.', { retryAfterSeconds: 1 });
    }
  });
  app.addHook('onResponse', async (request, reply) => {
    const id = (request.routeOptions.config as { readonly id?: string }).id ?? 'none';
    metrics.count('hub_requests_total', { operation: id, status: String(reply.statusCode) });
    const socket = request.raw.socket as Socket | null;
    // The connection may have gone with the refusal.
    if (request.raw.complete || socket === null) return;
    // The answer was given before the body was read. To close at once could destroy the answer on its way; what is sent
    // on is thrown away for a moment, and then whoever goes on is cut off.
    const drain = setTimeout(() => {
      if (!request.raw.complete) socket.destroy();
    }, drainMs);
    drain.unref();
  });

  function route(server: FastifyInstance, operation: Operation, handler: Handler): void {
    server.route({
      method: operation.method,
      url: operation.path.replace(/\{(\w+)\}/g, ':$1'),
      config: { id: operation.id },
      schema: {
        ...(operation.params ? { params: operation.params } : {}),
        ...(operation.body ? { body: operation.body } : {}),
      },
      // The query is validated by hand below: everything in it is text.
      handler: async (request, reply) => {
        const call = callOf(request, operation);
        return sendAnswer(request, reply, await handler(call));
      },
      onRequest: async (request) => {
        if (!operation.needsSession) {
          if (operation.method !== 'GET') byAddress.take(request.ip);
          return;
        }
        const { circle } = request.params as { readonly circle: CircleId };
        const { replica } = tokens.readSession(bearerOf(request.headers.authorization), circle);
        byDevice.take(`${circle}.${replica}`);
        (request as { caller?: ReplicaId }).caller = replica;
      },
    });
  }

  function callOf(request: FastifyRequest, operation: Operation): Call {
    const params = (request.params ?? {}) as Record<string, string>;
    return {
      circle: (params['circle'] ?? '') as CircleId,
      caller: (request as { caller?: ReplicaId }).caller ?? ('' as ReplicaId),
      params,
      query: operation.query ? queryOf(request, operation.query) : {},
      json: operation.takesBytes ? null : request.body,
      stream: operation.takesBytes && request.body instanceof Readable ? request.body : null,
      declaredBytes: declaredBytesOf(request.raw),
      range: request.headers.range,
      address: request.ip,
      origin: originOf(request),
    };
  }

  function originOf(request: FastifyRequest): string {
    return options.address ? new URL(options.address).origin : `${request.protocol}://${request.host}`;
  }

  const upgrades = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false });
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    openNews(request, socket, head, upgrades, { tokens, admission, ending: () => ending, byDevice, sockets }).then(
      () => metrics.count('hub_requests_total', { operation: 'news', status: '101' }),
      (error: unknown) => {
        const refusal = refusalOf(error);
        if (refusal.status >= 500 && refusal.code !== 'ending') report(error);
        metrics.count('hub_refused_total', { code: refusal.code });
        const body = JSON.stringify({ code: refusal.code, message: refusal.message });
        socket.end(
          `HTTP/1.1 ${refusal.status} Refused\r\nContent-Type: application/json\r\n` +
            `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
        );
      },
    );
  });

  await storage.listen(
    (notice) => sockets.tell(notice),
    () => sockets.tellAllToLook(),
  );
  const forgetting = setInterval(() => {
    storage.tokens.forgetExpired(clock()).catch(report);
  }, forgetEveryMs);
  forgetting.unref();
  await app.listen({ host: options.host ?? '127.0.0.1', port: options.port });

  let closing: Promise<void> | null = null;
  async function close(): Promise<void> {
    ending = true;
    clearInterval(forgetting);
    sockets.close();
    await app.close();
    for (const client of upgrades.clients) client.terminate();
  }
  return {
    port: (app.server.address() as AddressInfo).port,
    admission,
    close: () => (closing ??= close()),
  };
}

/** Any failure as what is answered. */
function refusalOf(error: unknown): HubError {
  if (error instanceof HubError) return error;
  const { statusCode = 500, message = '' } = error as { readonly statusCode?: number; readonly message?: string };
  if (statusCode >= 500) return new HubError('internal', 'Something unexpected happened in the hub.', { cause: error });
  return new HubError('invalid-input', message === '' ? 'The request is not well formed.' : message, { cause: error });
}

function sendError(reply: FastifyReply, refusal: HubError): FastifyReply {
  if (refusal.retryAfterSeconds !== null) reply.header('retry-after', String(refusal.retryAfterSeconds));
  return reply.status(refusal.status).send({ code: refusal.code, message: refusal.message });
}

async function sendAnswer(request: FastifyRequest, reply: FastifyReply, answer: Answer): Promise<FastifyReply> {
  reply.status(answer.status).headers(answer.headers ?? {});
  if (answer.bytes !== undefined) {
    const bytes = answer.bytes instanceof Readable ? answer.bytes : Buffer.from(answer.bytes);
    return reply.type('application/octet-stream').send(bytes);
  }
  if (answer.text !== undefined) return reply.type('text/plain; version=0.0.4; charset=utf-8').send(answer.text);
  if (answer.json === undefined) return reply.send();
  const text = JSON.stringify(answer.json);
  reply.type('application/json; charset=utf-8');
  const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  if (!takesGzip || text.length < compressFromBytes) return reply.send(text);
  return reply.header('content-encoding', 'gzip').send(await compress(text));
}

function bearerOf(header: string | undefined): string {
  return /^Bearer (\S+)$/i.exec(header ?? '')?.[1] ?? '';
}

function declaredBytesOf({ headers }: IncomingMessage): number | null {
  const declared = Number(headers['content-length'] ?? NaN);
  return Number.isSafeInteger(declared) ? declared : null;
}

/** The query as described, where numbers are written in digits. */
function queryOf(request: FastifyRequest, schema: Readonly<Record<string, unknown>>): Record<string, string> {
  const query = request.query as Record<string, string>;
  const { properties } = schema as { readonly properties: Record<string, { readonly type: string }> };
  const typed = Object.entries(query).map(([name, value]) =>
    properties[name]?.type === 'integer' && /^\d{1,9}$/.test(value) ? [name, Number(value)] : [name, value],
  );
  const isValid = request.compileValidationSchema(schema as Record<string, unknown>, 'querystring');
  if (isValid(Object.fromEntries(typed))) return query;
  const [first] = isValid.errors ?? [];
  throw new HubError('invalid-input', `The query is not well formed: ${first?.instancePath} ${first?.message}`);
}

async function openNews(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  upgrades: WebSocketServer,
  parts: {
    readonly tokens: Tokens;
    readonly admission: Admission;
    readonly ending: () => boolean;
    readonly byDevice: ReturnType<typeof createRateLimiter>;
    readonly sockets: ReturnType<typeof createNewsSockets>;
  },
): Promise<void> {
  const { tokens, admission, byDevice, sockets } = parts;
  if (parts.ending()) throw new HubError('ending', 'This process of the hub is ending.');
  const circle = /^\/v1\/circles\/([a-z2-7]{26})\/news$/.exec(request.url ?? '')?.[1] as CircleId | undefined;
  if (circle === undefined) throw new HubError('not-found', 'There is nothing at this address.');
  const { replica, expiresAt } = tokens.readSession(bearerOf(request.headers.authorization), circle);
  byDevice.take(`${circle}.${replica}`);
  await admission.require(circle, replica);
  await new Promise<void>((resolve, reject) => {
    upgrades.handleUpgrade(request, socket, head, (webSocket) => {
      const stillAdmitted = (): Promise<boolean> =>
        admission.require(circle, replica).then(
          () => true,
          (error: unknown) => {
            if (error instanceof HubError && error.status === 403) return false;
            throw error;
          },
        );
      sockets.add(circle, replica, webSocket, expiresAt, stillAdmitted).then(resolve, (error: unknown) => {
        webSocket.terminate();
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
  });
}
