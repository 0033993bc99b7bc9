/** A device as a hub sees it: keys, a circle, sealed objects; no profile and no log behind it. */
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newRecordId, type CircleId, type RecordId } from '../../shared/ids.ts';
import { circleIdOf } from '../../shared/records/change.ts';
import { encodeCircleObject } from '../../shared/sync/circle-object.ts';
import { parseObjectName } from '../../shared/sync/object-name.ts';
import { sealBlob, sealObject, type SealedObject } from '../../shared/sync/object-format.ts';
import type { RemoteStore } from '../../shared/sync/remote-store.ts';
import type { Signer } from '../../shared/sync/sealing-crypto.ts';
import { newReplicaKeys } from '../../electron/services/circles/replica-keys.ts';
import { createHttpTransport, type HttpTransportOptions } from '../../electron/services/exchange/http-transport.ts';
import { createHubHttp, type HubHttp } from '../../electron/services/exchange/hub-http.ts';
import { createHubRemoteStore } from '../../electron/services/exchange/hub-remote-store.ts';
import { createHubSession, type HubDevice, type HubSession } from '../../electron/services/exchange/hub-session.ts';
import { compression, createSealingCrypto } from '../../electron/services/exchange/sealing.ts';

const crypto = await createSealingCrypto();
export const engine = { crypto, compression };
export const random = (lengthBytes: number): Uint8Array => new Uint8Array(randomBytes(lengthBytes));

export interface TestCircle {
  readonly id: CircleId;
  readonly root: RecordId;
  readonly key: Uint8Array;
}

export interface TestDevice extends HubDevice {
  readonly signer: Signer;
  readonly circleKey: Uint8Array;
  /** A store and session on the hub at `url`; `token` as an invitation or code would give it. */
  on(url: string, token?: string): { store: RemoteStore; session: HubSession; http: HubHttp };
  head(seq: number, body?: Uint8Array): SealedObject;
  segment(from: number, to: number, body: Uint8Array): SealedObject;
  receipt(number: number, body?: Uint8Array): SealedObject;
  blob(content: Uint8Array): SealedObject;
}

/** One try each, so that nothing hides from a test what a hub answered or that it is gone. */
export function testHubHttp(
  url: string,
  options: Partial<HttpTransportOptions> & { readonly partsFolder?: string } = {},
): HubHttp {
  const { partsFolder = join(tmpdir(), 'no-parts'), ...more } = options;
  const after = (delayMs: number, act: () => void): (() => void) => {
    const timer = setTimeout(act, delayMs);
    return () => clearTimeout(timer);
  };
  const usual = { fetch: globalThis.fetch, after, chance: Math.random, onTraffic: () => undefined, tries: 1 };
  return createHubHttp({ url, transport: createHttpTransport({ ...usual, ...more }), partsFolder });
}

function newSigner(): Signer {
  const { replica, signing } = newReplicaKeys(random);
  return { replica, publicKey: signing.publicKey, seed: signing.privateKey };
}

/** A new circle and its founder. */
export function foundTestCircle(): { readonly circle: TestCircle; readonly founder: TestDevice } {
  const signer = newSigner();
  const root = newRecordId(signer.replica, random);
  const circle = { id: circleIdOf(root), root, key: random(32) };
  return { circle, founder: deviceWith(circle, signer, [signer], root) };
}

/** Another device of the circle; `carriesOn` holds the keys of an earlier one as well. */
export function newTestDevice(circle: TestCircle, carriesOn?: TestDevice): TestDevice {
  const signer = newSigner();
  const signers = [signer, ...(carriesOn?.signers() ?? [])];
  return deviceWith(circle, signer, signers, carriesOn?.root() ?? null);
}

function deviceWith(circle: TestCircle, signer: Signer, signers: readonly Signer[], root: RecordId | null): TestDevice {
  const seal = (kind: 'head' | 'segment' | 'receipt', from: number, to: number, body: Uint8Array): SealedObject =>
    sealObject({ kind, circle: circle.id, epoch: 1, key: circle.key, signer, from, to, body }, engine);
  const device: TestDevice = {
    signer,
    circleKey: circle.key,
    circle: circle.id,
    replica: signer.replica,
    signers: () => signers,
    root: () => root,
    on(url, token = '') {
      const http = testHubHttp(url);
      const session = createHubSession({ http, device, crypto, token });
      return { http, session, store: createHubRemoteStore(session) };
    },
    head: (seq, body = random(40)) => seal('head', 1, seq, body),
    segment: (from, to, body) => seal('segment', from, to, body),
    receipt: (number, body = random(40)) => seal('receipt', number, number, body),
    blob: (content) => sealBlob({ circle: circle.id, epoch: 1, key: circle.key, content }, engine),
  };
  return device;
}

/** An object of the kind of `name` that a hub takes, under the name that follows from it. */
export function sealedLike(device: TestDevice, name: string, bytes: Uint8Array): SealedObject {
  const parsed = parseObjectName(name);
  switch (parsed?.kind) {
    case 'circle':
      return { name, bytes: encodeCircleObject({ circle: device.circle, store: 'a'.repeat(26) }) };
    case 'head':
      return device.head(parsed.seq, bytes);
    case 'segment':
      return device.segment(parsed.from, parsed.to, bytes);
    case 'receipt':
      return device.receipt(parsed.number, bytes);
    case 'blob':
      return device.blob(bytes);
    default:
      return { name, bytes };
  }
}
