/**
 * A small S3 store for tests, written from the published signature process (Signature Version 4) and not from the
 * client's library: it works the signature out from the request as it arrived, header for header, and refuses what does
 * not fit. One bucket, in memory.
 */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export interface S3Server {
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly objects: Map<string, Uint8Array>;
  /** What came in, for counting. */
  readonly requests: string[];
  /** How the store differs from the usual. */
  readonly ways: {
    /** Milliseconds that its clock is ahead. */
    clockAheadMs: number;
    /** Older stores answer 501 to `If-None-Match`, or overlook it. */
    condition: 'known' | 'unknown' | 'overlooked';
    /** Keys on one page of a listing. */
    pageSize: number;
  };
  stop(): Promise<void>;
  start(): Promise<void>;
}

const accessKey = 'AKIDEXAMPLE';
const secretKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const bucket = 'region-ab';
const largestSkewMs = 15 * 60 * 1000;

const sha256 = (value: string | Uint8Array): string => createHash('sha256').update(value).digest('hex');
const hmac = (key: string | Buffer, value: string): Buffer => createHmac('sha256', key).update(value).digest();
/** RFC 3986, as the signature process wants it: not what encodeURIComponent leaves. */
const encoded = (value: string): string =>
  encodeURIComponent(value).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

/** Throws what is wrong with a request's signature. */
function verify(request: IncomingMessage, body: Uint8Array, now: number): void {
  const header = request.headers.authorization ?? '';
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      header,
    );
  if (!match) throw new Refused(403, 'AccessDenied');
  const [, key, day, region, signedNames, signature] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (key !== accessKey) throw new Refused(403, 'InvalidAccessKeyId');
  const date = String(request.headers['x-amz-date']);
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (!parts || !date.startsWith(day)) throw new Refused(403, 'AccessDenied');
  const [year, month, dayOfMonth, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const at = Date.UTC(year, month - 1, dayOfMonth, hour, minute, second);
  if (Math.abs(at - now) > largestSkewMs) throw new Refused(403, 'RequestTimeTooSkewed');
  const names = signedNames.split(';');
  for (const needed of ['host', 'x-amz-content-sha256', 'x-amz-date'])
    if (!names.includes(needed)) throw new Refused(403, 'AccessDenied');
  const declared = String(request.headers['x-amz-content-sha256']);
  if (declared !== sha256(body)) throw new Refused(400, 'XAmzContentSHA256Mismatch');
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const canonicalQuery = query
    .split('&')
    .filter((each) => each !== '')
    .map((each) => each.split('=').map((part) => encoded(decodeURIComponent(part))))
    .map(([name = '', value = '']) => `${name}=${value}`)
    .sort()
    .join('&');
  const canonicalPath = path
    .split('/')
    .map((each) => encoded(decodeURIComponent(each)))
    .join('/');
  const canonicalHeaders = names.map((name) => `${name}:${String(request.headers[name]).trim().replace(/ +/g, ' ')}\n`);
  const canonical = [
    request.method,
    canonicalPath,
    canonicalQuery,
    canonicalHeaders.join(''),
    signedNames,
    declared,
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const signingKey = ['s3', 'aws4_request'].reduce(hmac, hmac(hmac(`AWS4${secretKey}`, day), region));
  if (hmac(signingKey, toSign).toString('hex') !== signature) throw new Refused(403, 'SignatureDoesNotMatch');
}

export async function startS3(): Promise<S3Server> {
  const objects = new Map<string, Uint8Array>();
  const ways: S3Server['ways'] = { clockAheadMs: 0, condition: 'known', pageSize: 1000 };
  const requests: string[] = [];
  let server: Server | null = null;
  let port = 0;

  function answer(request: IncomingMessage, response: ServerResponse, body: Uint8Array): void {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const [, inBucket = '', ...rest] = path.split('/').map(decodeURIComponent);
    const key = rest.join('/');
    if (inBucket !== bucket) throw new Refused(404, 'NoSuchBucket');
    const found = objects.get(key);
    if (request.method === 'GET' && key === '') return list(new URLSearchParams(query), response);
    if (request.method === 'GET' || request.method === 'HEAD') {
      if (!found) throw new Refused(404, 'NoSuchKey');
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      if (from > 0 && from >= found.length) {
        response.writeHead(416, { 'content-range': `bytes */${found.length}` }).end();
        return undefined;
      }
      const part = found.subarray(from);
      response.writeHead(from > 0 ? 206 : 200, {
        'content-length': part.length,
        'content-type': 'application/octet-stream',
        ...(from > 0 ? { 'content-range': `bytes ${from}-${found.length - 1}/${found.length}` } : {}),
      });
      response.end(request.method === 'HEAD' ? undefined : part);
      return undefined;
    }
    if (request.method === 'PUT') {
      if (request.headers['if-none-match'] === '*') {
        if (ways.condition === 'unknown') throw new Refused(501, 'NotImplemented');
        if (ways.condition === 'known' && found) throw new Refused(412, 'PreconditionFailed');
      }
      objects.set(key, body);
      response.writeHead(200).end();
      return undefined;
    }
    if (request.method === 'DELETE') {
      objects.delete(key);
      response.writeHead(204).end();
      return undefined;
    }
    throw new Refused(405, 'MethodNotAllowed');
  }

  function list(query: URLSearchParams, response: ServerResponse): void {
    const prefix = query.get('prefix') ?? '';
    const after = query.get('continuation-token') ?? '';
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, ways.pageSize);
    const isCut = keys.length > page.length;
    const contents = page.map(
      (key) =>
        `<Contents><Key>${encoded(key).replaceAll('%2F', '/')}</Key><Size>${objects.get(key)!.length}</Size></Contents>`,
    );
    const token = isCut ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(
      `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name><IsTruncated>${isCut}</IsTruncated>${token}${contents.join('')}</ListBucketResult>`,
    );
  }

  function listen(): Promise<void> {
    const made = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        requests.push(`${request.method} ${request.url}`);
        const now = Date.now() + ways.clockAheadMs;
        response.setHeader('date', new Date(now).toUTCString());
        try {
          const body = new Uint8Array(Buffer.concat(chunks));
          verify(request, body, now);
          answer(request, response, body);
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          const xml = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${error.code}</Code><Message>no</Message></Error>`;
          response.writeHead(error.status, { 'content-type': 'application/xml' });
          response.end(request.method === 'HEAD' ? undefined : xml);
        }
      });
    });
    server = made;
    return new Promise((resolve) =>
      made.listen(port, '127.0.0.1', () => {
        port = (made.address() as { port: number }).port;
        resolve();
      }),
    );
  }
  await listen();
  return {
    ...{ endpoint: `http://127.0.0.1:${port}`, bucket, accessKey, secretKey, objects, requests, ways },
    start: listen,
    async stop() {
      server?.closeAllConnections();
      await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
      server = null;
    },
  };
}
