/**
 * An S3-compatible store in the four requests that are needed. Addresses are path-style (`endpoint/bucket/key`), which
 * every such store understands. Signatures carry the time; where this machine's clock is off, the server's is taken.
 */
import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import type { AbortSignalLike } from '../../../shared/contract/contract.ts';
import { childNamed, childrenNamed, parseXml, textOf, type XmlElement } from '../../../shared/document/xml.ts';
import { away, captive, notWritable, refused, serverFull, unsuitable } from './http-failures.ts';
import { textOfPage, type HttpAnswer, type HttpRequest, type HttpTransport } from './http-transport.ts';
import { download } from './object-download.ts';

export interface S3Client {
  readonly address: string;
  list(
    prefix: string,
    signal?: AbortSignalLike,
  ): Promise<readonly { readonly key: string; readonly sizeBytes: number }[]>;
  /** Null when there is none. */
  get(key: string, signal?: AbortSignalLike): Promise<Uint8Array | null>;
  has(key: string, signal?: AbortSignalLike): Promise<boolean>;
  /** Not where something stands under that key, as far as the store can tell (`isExclusive` says whether it can). */
  put(key: string, bytes: Uint8Array, signal?: AbortSignalLike): Promise<'stored' | 'present'>;
  /** False for stores that do not know `If-None-Match`. */
  isExclusive(): boolean;
  remove(key: string): Promise<void>;
}

export interface S3ClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly transport: HttpTransport;
  readonly now: () => number;
  readonly partsFolder: string;
}

const listTypeV2 = '2';

export function createS3Client(options: S3ClientOptions): S3Client {
  const { bucket, transport, now, partsFolder } = options;
  const region = options.region === '' ? 'us-east-1' : options.region;
  const aws = new AwsClient({
    accessKeyId: options.accessKey,
    secretAccessKey: options.secretKey,
    service: 's3',
    region,
    retries: 0,
  });
  const base = `${options.endpoint.replace(/\/+$/, '')}/${encodeURIComponent(bucket)}`;
  let exclusive = true;
  /** What the server's clock is ahead of ours, once it complained. */
  let clockAheadMs = 0;

  const urlOf = (key: string): string => `${base}/${key.split('/').map(encodeURIComponent).join('/')}`;

  async function signed(
    method: string,
    url: string,
    headers: Record<string, string>,
    body?: Uint8Array,
  ): Promise<Record<string, string>> {
    const datetime = new Date(now() + clockAheadMs).toISOString().replaceAll(/[:-]|\.\d{3}/g, '');
    // Signed with the rest, so that what arrives is what was sent.
    const content = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    const signing = { method, headers: { ...headers, 'x-amz-content-sha256': content }, aws: { datetime } };
    return Object.fromEntries((await aws.sign(url, signing)).headers);
  }

  async function send(
    method: string,
    url: string,
    more: Partial<Omit<HttpRequest, 'method' | 'url'>> = {},
  ): Promise<HttpAnswer> {
    for (let attempt = 0; ; attempt += 1) {
      const prepare = (headers: Record<string, string>) => signed(method, url, headers, more.body);
      const answer = await transport.send({ method, url, ...more, prepare });
      if (attempt === 0 && takesOurClockForWrong(answer)) continue;
      if (answer.status === 507) throw serverFull(base);
      return answer;
    }
  }

  /** Notes the server's time where that is what it complains of. */
  function takesOurClockForWrong({ status, headers, body }: Pick<HttpAnswer, 'status' | 'headers' | 'body'>): boolean {
    if (status !== 403 && status !== 400) return false;
    const code = errorCode(body);
    // HEAD has no body: there the date alone can tell.
    const theirs = Date.parse(headers.get('date') ?? '');
    const differs = Number.isFinite(theirs) && Math.abs(theirs - now() - clockAheadMs) > 5 * 60 * 1000;
    if (!differs || (code !== '' && !['RequestTimeTooSkewed', 'RequestExpired', 'AccessDenied'].includes(code)))
      return false;
    clockAheadMs = theirs - now();
    return true;
  }

  function failure(method: string, { status, body }: Pick<HttpAnswer, 'status' | 'body'>): Error {
    const code = errorCode(body);
    const said = code ? ` It says: ${code}.` : '';
    if (code === 'NoSuchBucket') return unsuitable(base, `there is no bucket ${bucket}.`, { status });
    if (['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'].includes(code))
      return unsuitable(base, `the bucket is in another region than ${region}.`, { status });
    if (['QuotaExceeded', 'EntityTooLarge', 'XMinioStorageFull'].includes(code)) return serverFull(base);
    if (['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'InvalidToken'].includes(code) || status === 401)
      return refused(base, 401, said);
    if (status === 403)
      return method === 'PUT' || method === 'DELETE' ? notWritable(base, status) : refused(base, 403, said);
    if (status < 400) return captive(base, `It answers ${status} to ${method}.`, textOfPage(body));
    if (status === 404) return unsuitable(base, `nothing is there that speaks S3.${said}`, { status });
    return away(base, `It answers ${status} to ${method}.${said}`, { status });
  }

  async function has(key: string, signal?: AbortSignalLike): Promise<boolean> {
    const answer = await send('HEAD', urlOf(key), { signal });
    if (answer.status === 200) return true;
    if (answer.status === 404) return false;
    throw failure('HEAD', answer);
  }

  return {
    address: base,
    has,
    isExclusive: () => exclusive,

    async list(prefix, signal) {
      const found: { key: string; sizeBytes: number }[] = [];
      let token: string | undefined;
      do {
        const query = new URLSearchParams({ 'list-type': listTypeV2, 'encoding-type': 'url', prefix });
        if (token !== undefined) query.set('continuation-token', token);
        const answer = await send('GET', `${base}?${query.toString().replaceAll('+', '%20')}`, { signal });
        if (answer.status !== 200) throw failure('GET', answer);
        const root = xmlOf(answer.body);
        if (root?.name !== 'ListBucketResult') {
          throw captive(base, 'It answers with something that is no list of objects.', textOfPage(answer.body));
        }
        for (const each of childrenNamed(root, 'Contents')) {
          const key = decoded(childText(each, 'Key'));
          if (key.startsWith(prefix)) found.push({ key, sizeBytes: Number(childText(each, 'Size')) || 0 });
        }
        const isCut = childText(root, 'IsTruncated').trim() === 'true';
        token = isCut ? childText(root, 'NextContinuationToken') || undefined : undefined;
      } while (token !== undefined);
      return found;
    },

    async get(key, signal) {
      const url = urlOf(key);
      const prepare = (headers: Record<string, string>) => signed('GET', url, headers);
      for (let attempt = 0; ; attempt += 1) {
        const found = await download({ transport, url, headers: {}, prepare, signal, partsFolder });
        if (found.status === 200) return found.body;
        if (attempt === 0 && takesOurClockForWrong(found)) continue;
        if (found.status === 404 && errorCode(found.body) !== 'NoSuchBucket') return null;
        throw failure('GET', found);
      }
    },

    async put(key, bytes, signal) {
      const url = urlOf(key);
      for (let attempt = 0; ; attempt += 1) {
        if (!exclusive && (await has(key, signal))) return 'present';
        let cut = false;
        const answer = await send('PUT', url, {
          body: bytes,
          headers: { 'content-type': 'application/octet-stream', ...(exclusive ? { 'if-none-match': '*' } : {}) },
          signal,
          async wasDone() {
            cut = true;
            return false;
          },
        });
        if ([200, 201, 204].includes(answer.status)) return 'stored';
        if (answer.status === 412) {
          // Ours, when an earlier sending arrived and its answer did not.
          const there = cut ? await this.get(key, signal) : null;
          const isOurs = there?.length === bytes.length && there.every((byte, index) => byte === bytes[index]);
          return isOurs ? 'stored' : 'present';
        }
        // Another is putting under this key at this moment.
        if (answer.status === 409 && attempt < 3) continue;
        const knowsNoCondition = [400, 501].includes(answer.status) && exclusive;
        if (!knowsNoCondition) throw failure('PUT', answer);
        exclusive = false;
      }
    },

    async remove(key) {
      const answer = await send('DELETE', urlOf(key));
      if (![200, 204, 404].includes(answer.status)) throw failure('DELETE', answer);
    },
  };
}

function xmlOf(body: Uint8Array): XmlElement | null {
  try {
    return parseXml(new TextDecoder('utf-8').decode(body), { fileName: 'answer', prefixOf: () => '' });
  } catch {
    // No XML: whoever asked says what that means.
    return null;
  }
}

function errorCode(body: Uint8Array): string {
  const root = body.length > 0 ? xmlOf(body) : null;
  return root?.name === 'Error' ? childText(root, 'Code').trim() : '';
}

function childText(element: XmlElement, name: string): string {
  const child = childNamed(element, name);
  return child ? textOf(child) : '';
}

/** Stores that do not know `encoding-type` give keys as they are. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', '%20'));
  } catch {
    return key;
  }
}
