/**
 * A device's session with a hub: opened by signing a challenge, kept until it ends, opened again when the hub says so.
 * A device that the hub does not know tries what it has to be admitted by: it founded the circle, it carries on an earlier
 * replica, or it was given a token.
 */
import type { AbortSignalLike } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { base32, creatorOf, type CircleId, type RecordId, type ReplicaId } from '../../../shared/ids.ts';
import { continuationMessage } from '../../../shared/records/authority.ts';
import { sessionMessage } from '../../../shared/sync/hub-protocol.ts';
import type { SealingCrypto, Signer } from '../../../shared/sync/sealing-crypto.ts';
import { HubRefusal, type HubAnswer, type HubHttp, type HubRequest } from './hub-http.ts';

/** Who speaks to the hub: a circle of this profile, or a stand-in in tests. */
export interface HubDevice {
  readonly circle: CircleId;
  /** The replica that writes now; it may change. */
  readonly replica: ReplicaId;
  /** Every replica whose key is here, that one included. */
  signers(): readonly Signer[];
  /** The circle's root record where it is known here. */
  root(): RecordId | null;
}

export interface HubSession {
  readonly origin: string;
  /** One request under the circle, such as `/objects?prefix=heads/`. Fails as HubHttp does. */
  send(request: Omit<HubRequest, 'session' | 'path'> & { readonly path: string }): Promise<HubAnswer>;
  /** A session token for the news socket. */
  token(signal?: AbortSignalLike): Promise<string>;
  /** The hub says that the session is no good any more. */
  forget(): void;
}

export interface HubSessionOptions {
  readonly http: HubHttp;
  readonly device: HubDevice;
  readonly crypto: SealingCrypto;
  /** Single use: an invitation of the circle, or a code to set it up. Empty where there is none. */
  readonly token: string;
}

const mostChallenges = 3;

/** Opens a session for one signer. */
export async function openSession(
  http: HubHttp,
  crypto: SealingCrypto,
  circle: CircleId,
  { publicKey, seed }: Pick<Signer, 'publicKey' | 'seed'>,
  signal?: AbortSignalLike,
): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const asked = await http.send({ method: 'POST', path: '/v1/challenges', json: {}, signal });
    const challenge = textOf(asked, 'challenge');
    const message = sessionMessage(http.origin, circle, challenge);
    const signature = base32(crypto.sign(new TextEncoder().encode(message), seed));
    const json = { circle, publicKey: base32(publicKey), origin: http.origin, challenge, signature };
    try {
      return textOf(await http.send({ method: 'POST', path: '/v1/sessions', json, signal }), 'session');
    } catch (error) {
      // A sending whose answer was cut off has used the challenge up; on a slow link it may have run out.
      const isSpent = error instanceof HubRefusal && ['challenge-used', 'challenge-unknown'].includes(error.hubCode);
      if (!isSpent || attempt >= mostChallenges) throw error;
    }
  }
}

export function createHubSession(options: HubSessionOptions): HubSession {
  const { http, device, crypto } = options;
  const base = `/v1/circles/${device.circle}`;
  let toldFor: ReplicaId | null = null;
  let open: { readonly replica: ReplicaId; readonly session: Promise<string> } | null = null;

  function signerOf(replica: ReplicaId): Signer {
    const signer = device.signers().find((each) => each.replica === replica);
    if (!signer) throw new WorkbenchError('internal', `The key of ${replica} is not in this profile.`);
    return signer;
  }

  function session(signal?: AbortSignalLike): Promise<string> {
    const { replica } = device;
    if (open?.replica === replica) return open.session;
    const opening = { replica, session: openSession(http, crypto, device.circle, signerOf(replica), signal) };
    // Whoever waits for it hears of the failure; the next one tries again.
    opening.session.catch(() => {
      if (open === opening) open = null;
    });
    open = opening;
    return opening.session;
  }

  async function sendOnce(request: HubRequest): Promise<HubAnswer> {
    return http.send({ ...request, path: `${base}${request.path}`, session: await session(request.signal) });
  }

  async function send(request: HubRequest): Promise<HubAnswer> {
    try {
      return await sendOnce(request);
    } catch (error) {
      if (!(error instanceof HubRefusal)) throw error;
      if (['session-missing', 'session-over'].includes(error.hubCode)) open = null;
      else if (
        error.hubCode === 'not-owner'
          ? !(await isKnownNow(request.signal))
          : !(await isAdmittedNow(error, request.signal))
      )
        throw error;
      return sendOnce(request);
    }
  }

  /** Tries to be admitted after a refusal. False when there is nothing to try. */
  async function isAdmittedNow({ hubCode }: HubRefusal, signal?: AbortSignalLike): Promise<boolean> {
    if (hubCode === 'circle-unknown') return setUp(signal);
    if (hubCode !== 'not-admitted') return false;
    if (await carryOn(signal)) return true;
    if (options.token === '') return false;
    await admitSelf({ invitation: options.token }, signal);
    return true;
  }

  /**
   * Whether the hub hears only now whom this device carries on: an administrator may have had it let in before it could say
   * so, and what the earlier one put is this one's to remove. Told once for each replica.
   */
  async function isKnownNow(signal?: AbortSignalLike): Promise<boolean> {
    const { replica } = device;
    if (toldFor === replica) return false;
    toldFor = replica;
    return carryOn(signal);
  }

  /** Only the founder's own key may; a later replica of theirs then carries it on. */
  async function setUp(signal?: AbortSignalLike): Promise<boolean> {
    const root = device.root();
    const founder = root && device.signers().find(({ replica }) => replica === creatorOf(root));
    if (!founder) return false;
    const founderSession = await openSession(http, crypto, device.circle, founder, signal);
    const json = { root, ...(options.token === '' ? {} : { code: options.token }) };
    await http.send({ method: 'PUT', path: base, session: founderSession, json, signal });
    return founder.replica === device.replica || carryOn(signal);
  }

  /** By the first of the earlier replicas that the hub knows. One that was removed carries nobody on; a token still may. */
  async function carryOn(signal?: AbortSignalLike): Promise<boolean> {
    let removed: HubRefusal | null = null;
    for (const earlier of device.signers()) {
      if (earlier.replica === device.replica) continue;
      const message = continuationMessage(device.circle, earlier.replica, device.replica);
      const signature = base32(crypto.sign(new TextEncoder().encode(message), earlier.seed));
      const carriesOn = { replica: earlier.replica, key: base32(earlier.publicKey), signature };
      try {
        await admitSelf({ carriesOn }, signal);
        return true;
      } catch (error) {
        if (!(error instanceof HubRefusal)) throw error;
        if (error.hubCode === 'device-removed') removed = error;
        else if (error.hubCode !== 'not-admitted') throw error;
      }
    }
    if (removed !== null && options.token === '') throw removed;
    return false;
  }

  async function admitSelf(json: unknown, signal?: AbortSignalLike): Promise<void> {
    await sendOnce({ method: 'PUT', path: `/devices/${device.replica}`, json, signal });
  }

  return {
    origin: http.origin,
    send,
    token: session,
    forget: () => void (open = null),
  };
}

function textOf({ json }: HubAnswer, field: string): string {
  const value = json[field];
  if (typeof value === 'string') return value;
  throw new WorkbenchError('channel-unsuitable', `The hub answered without ${field}. It may be of another version.`);
}
