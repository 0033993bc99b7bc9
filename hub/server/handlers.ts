/** What each operation of openapi.json does. */
import { Readable } from 'node:stream';
import type { CircleId, RecordId, ReplicaId } from '../../shared/ids.ts';
import { sessionMessage, type ContinuationProof } from '../../shared/sync/hub-protocol.ts';
import type { Prefix } from '../../shared/sync/object-name.ts';
import { HubError } from '../hub-error.ts';
import type { Admission } from '../rules/admission.ts';
import type { Limits } from '../rules/limits.ts';
import { checkObject, requireObjectName } from '../rules/object-rules.ts';
import type { RateLimiter } from '../rules/rate-limiter.ts';
import { isSignedBy, replicaOfKey } from '../rules/signatures.ts';
import type { Tokens } from '../rules/tokens.ts';
import type { DeviceAccount, Role, Storage } from '../storage/storage.ts';
import type { Metrics } from './metrics.ts';
import type { BodyReceiver } from './receive-body.ts';

export interface Call {
  readonly circle: CircleId;
  /** Whose session it is; empty where none is needed. */
  readonly caller: ReplicaId;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** JSON as described. */
  readonly json: unknown;
  /** The body of an object, unread. */
  readonly stream: Readable | null;
  readonly declaredBytes: number | null;
  readonly range: string | undefined;
  /** Of the caller, for rates. */
  readonly address: string;
  /** By which the caller reached the hub, as far as this process can tell. */
  readonly origin: string;
}

export interface Answer {
  readonly status: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly bytes?: Uint8Array | Readable;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handler = (call: Call) => Promise<Answer>;

export interface HandlerParts {
  readonly storage: Storage;
  readonly admission: Admission;
  readonly tokens: Tokens;
  readonly limits: Limits;
  readonly metrics: Metrics;
  readonly receiver: BodyReceiver;
  readonly clock: () => number;
  readonly version: string;
  readonly failures: RateLimiter;
  readonly foundings: RateLimiter;
  readonly isEnding: () => boolean;
  readonly sockets: () => number;
}

/** Larger objects are sent in such pieces. */
const pieceBytes = 1 << 20;
const longestPage = 10_000;

export function createHandlers(parts: HandlerParts): Readonly<Record<string, Handler>> {
  const { storage, admission, tokens, limits, metrics, receiver, clock } = parts;
  const { objects, circles, devices } = storage;

  /** Counts wrong guesses by address; whoever made too many is not heard for a while. */
  async function guarded<T>(address: string, act: () => Promise<T>): Promise<T> {
    parts.failures.check(address);
    try {
      return await act();
    } catch (error) {
      if (error instanceof HubError && [401, 403, 410].includes(error.status)) parts.failures.take(address);
      throw error;
    }
  }

  async function circleView(circle: CircleId, device: DeviceAccount): Promise<unknown> {
    const account = await circles.circle(circle);
    if (!account) throw new HubError('circle-unknown', 'This hub does not hold the circle.');
    const admitted = (await devices.devices(circle)).filter(({ removedAt }) => removedAt === null).length;
    const { bytes, objects: count } = account;
    const { objectBytes, circleBytes, deviceBytes, deviceObjects } = limits;
    return {
      id: circle,
      role: device.role,
      bytes,
      objects: count,
      devices: admitted,
      limits: { objectBytes, circleBytes, deviceBytes, deviceObjects },
    };
  }

  const nameOf = ({ params }: Call): string => (params['name'] ? `${params['folder']}/${params['name']}` : 'circle');

  const put: Handler = async (call) => {
    const { circle, caller, declaredBytes } = call;
    const name = requireObjectName(nameOf(call));
    const seen = await admission.requireCaller(circle, await objects.factsFor(circle, caller, name.name));
    if (call.stream === null) throw new HubError('invalid-input', 'An object is sent as application/octet-stream.');
    // Everything that can be refused without the bytes is refused before they are read.
    if ((declaredBytes ?? 0) > limits.objectBytes) throw tooLarge(limits.objectBytes);
    if (seen.found) return present;
    if (seen.caller.bytes + (declaredBytes ?? 0) > limits.deviceBytes) throw full('device-full');
    const bytes = await receiver.receive(call.stream, declaredBytes, limits.objectBytes);
    metrics.count('hub_received_bytes_total', {}, bytes.length);
    const signer = checkObject(circle, name, bytes);
    const result = await objects.put({ circle, name: name.name, signer, carrier: caller, bytes, at: clock() }, limits);
    if (result === 'stored') return { status: 201, json: { result } };
    if (result === 'present') return present;
    if (result === 'not-admitted') throw new HubError('device-removed', 'This device was removed from the circle.');
    throw full(result);
  };

  const get: Handler = async (call) => {
    const { circle, caller } = call;
    const { name } = requireObjectName(nameOf(call));
    const asked = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(call.range ?? '');
    const from = Number(asked?.[1] ?? 0);
    const seen = await objects.readFor(circle, caller, name, { offset: from, lengthBytes: pieceBytes });
    const { found: first } = await admission.requireCaller(circle, seen);
    if (!first) throw new HubError('not-found', 'There is no such object.');
    const { sizeBytes } = first;
    if (asked && from >= sizeBytes) {
      throw new HubError('range-unsatisfiable', `The object has ${sizeBytes} bytes.`);
    }
    const end = Math.min(sizeBytes, asked?.[2] === undefined ? sizeBytes : Number(asked[2]) + 1);
    if (end < from) throw new HubError('invalid-input', 'The range ends before it begins.');
    metrics.count('hub_sent_bytes_total', {}, end - from);
    const piece = first.bytes.subarray(0, end - from);
    const isWhole = piece.length === end - from;
    const rest = async function* (): AsyncGenerator<Uint8Array> {
      yield piece;
      for (let at = from + piece.length; at < end;) {
        const next = await objects.read(circle, name, at, Math.min(pieceBytes, end - at));
        // Removed meanwhile: the connection breaks, and the reader sees that bytes are missing.
        if (!next || next.bytes.length === 0) throw new HubError('not-found', 'The object was removed.');
        yield next.bytes;
        at += next.bytes.length;
      }
    };
    return {
      status: asked ? 206 : 200,
      bytes: isWhole ? piece : Readable.from(rest()),
      headers: {
        'content-length': String(end - from),
        'accept-ranges': 'bytes',
        ...(asked ? { 'content-range': `bytes ${from}-${end - 1}/${sizeBytes}` } : {}),
      },
    };
  };

  const removeObject: Handler = async (call) => {
    const { circle, caller } = call;
    const { name } = requireObjectName(nameOf(call));
    const seen = await admission.requireCaller(circle, await objects.factsFor(circle, caller, name));
    const facts = seen.found;
    if (facts && !(await admission.mayRemove(circle, seen.caller, facts))) {
      throw new HubError('not-owner', 'Only the device that an object belongs to can remove it.');
    }
    if (facts) await objects.remove(circle, name);
    return { status: 204 };
  };

  return {
    async health() {
      if (parts.isEnding()) return { status: 503, json: { status: 'ending', version: parts.version } };
      try {
        await storage.check();
        return { status: 200, json: { status: 'ok', version: parts.version } };
      } catch (error) {
        if (!(error instanceof HubError)) throw error;
        return { status: 503, json: { status: 'storage-away', version: parts.version } };
      }
    },

    async metrics() {
      const totals = await circles.totals();
      const text = metrics.print({
        hub_sockets: parts.sockets(),
        hub_circles: totals.circles,
        hub_devices: totals.devices,
        hub_objects: totals.objects,
        hub_object_bytes: totals.bytes,
        process_resident_memory_bytes: process.memoryUsage.rss(),
      });
      return { status: 200, text };
    },

    newChallenge: async () => ({ status: 201, json: tokens.newChallenge() }),

    newSession: ({ json, address, origin }) =>
      guarded(address, async () => {
        const {
          circle,
          publicKey,
          origin: named,
          challenge,
          signature,
        } = json as Record<string, string> & {
          readonly circle: CircleId;
        };
        const expiresAt = tokens.readChallenge(challenge!);
        const replica = replicaOfKey(publicKey!);
        const message = sessionMessage(origin, circle, challenge!);
        if (named !== origin || !isSignedBy(replica, publicKey!, message, signature!)) {
          const what = named === origin ? 'The signature is not that of the device' : `This hub is at ${origin}`;
          throw new HubError('signature-wrong', `${what}. No session was opened.`);
        }
        if (!(await storage.tokens.useChallenge(challenge!, expiresAt))) {
          throw new HubError('challenge-used', 'The challenge was used already. Ask for another.');
        }
        return { status: 201, json: tokens.newSession(circle, replica) };
      }),

    found: ({ circle, caller, json, address }) =>
      guarded(address, async () => {
        const { root, code = null } = json as { readonly root: RecordId; readonly code?: string | null };
        parts.foundings.check(address);
        const isNew = await admission.found(circle, caller, root, code);
        if (isNew) parts.foundings.take(address);
        const view = await circleView(circle, await admission.require(circle, caller));
        return { status: isNew ? 201 : 200, json: view };
      }),

    async circle({ circle, caller }) {
      return { status: 200, json: await circleView(circle, await admission.require(circle, caller)) };
    },

    async devices({ circle, caller }) {
      await admission.require(circle, caller);
      return { status: 200, json: { devices: await devices.devices(circle) } };
    },

    admit: ({ circle, caller, params, json, address }) =>
      guarded(address, async () => {
        const replica = params['replica'] as ReplicaId;
        const {
          invitation,
          carriesOn,
          role = 'member',
        } = json as {
          readonly invitation?: string;
          readonly carriesOn?: ContinuationProof;
          readonly role?: Role;
        };
        if (invitation !== undefined || carriesOn !== undefined) {
          if (replica !== caller) throw new HubError('proof-wrong', 'A device can admit only itself so.');
          const device =
            invitation === undefined
              ? await admission.carryOn(circle, replica, carriesOn!)
              : await admission.redeem(circle, replica, invitation);
          return { status: 200, json: device };
        }
        await admission.requireAdministrator(circle, caller);
        return { status: 200, json: await admission.admit(circle, replica, role, caller) };
      }),

    async removeDevice({ circle, caller, params }) {
      const replica = params['replica'] as ReplicaId;
      if (replica === caller) await admission.require(circle, caller);
      else await admission.requireAdministrator(circle, caller);
      await admission.remove(circle, replica, caller);
      return { status: 204 };
    },

    async invite({ circle, caller, json }) {
      await admission.requireAdministrator(circle, caller);
      const { role, expiresInSeconds } = json as { readonly role?: Role; readonly expiresInSeconds?: number };
      const options = {
        ...(role === undefined ? {} : { role }),
        ...(expiresInSeconds === undefined ? {} : { seconds: expiresInSeconds }),
      };
      return { status: 201, json: await admission.invite(circle, caller, options) };
    },

    checkInvitation: ({ circle, json, address }) =>
      guarded(address, async () => {
        await admission.checkToken(circle, (json as { readonly token: string }).token);
        return { status: 204 };
      }),

    async revokeInvitations({ circle, caller }) {
      await admission.requireAdministrator(circle, caller);
      return { status: 200, json: { revoked: await storage.tokens.revokeInvitations(circle) } };
    },

    async list({ circle, caller, query }) {
      const limit = Number(query['limit'] ?? longestPage);
      const range = { after: query['after'] ?? '', limit: limit + 1 };
      const seen = await objects.listFor(circle, caller, query['prefix'] as Prefix, range);
      const { found: listed } = await admission.requireCaller(circle, seen);
      const page = listed.slice(0, limit).map(({ name, sizeBytes }) => [name, sizeBytes]);
      return { status: 200, json: { objects: page, more: listed.length > limit } };
    },

    put,
    putCircle: put,
    get,
    getCircle: get,
    removeObject,
    removeObjectCircle: async (call) => {
      // Everybody finds the circle by it.
      await admission.requireAdministrator(call.circle, call.caller);
      return removeObject(call);
    },

    async news() {
      throw new HubError('upgrade-needed', 'News comes on a WebSocket.');
    },
  };
}

const present: Answer = { status: 200, json: { result: 'present' } };

function tooLarge(limitBytes: number): HubError {
  return new HubError('object-too-large', `Objects of more than ${limitBytes} bytes are not taken here.`);
}

function full(code: 'device-full' | 'circle-full'): HubError {
  const whose = code === 'device-full' ? 'This device has' : 'The circle has';
  return new HubError(code, `${whose} used up its room on this hub. Nothing was stored. Ask whoever runs it for more.`);
}
