/** A hub as a channel. The circle's founder sets it up there, an invitation with a token admits one device at once. */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { creatorOf, type CircleId } from '../../../shared/ids.ts';
import { circleIdOf } from '../../../shared/records/change.ts';
import { awayCodes } from '../../../shared/sync/remote-store.ts';
import type { OpenedCircle } from '../circles/open-circle.ts';
import { newReplicaKeys } from '../circles/replica-keys.ts';
import type { ChannelKind, ChannelPorts, OpenRequest } from './channel-kind.ts';
import { createHubHttp, HubRefusal, type HubHttp } from './hub-http.ts';
import { createHttpTransport } from './http-transport.ts';
import { createHubMembership } from './hub-membership.ts';
import { watchHub } from './hub-news.ts';
import { createHubRemoteStore } from './hub-remote-store.ts';
import { createHubSession, openSession, type HubDevice, type HubSession } from './hub-session.ts';

export const hubKind: ChannelKind<'hub'> = {
  kind: 'hub',
  overNetwork: true,
  // When the news socket is open, connections.ts asks far less often.
  pollMs: 30_000,

  async settle({ wish, circle, purpose, unseen = false, signal }, ports) {
    const http = httpOf(wish.url, ports);
    await lookAt(http).catch((error: unknown) => {
      // The token is looked at when the hub can be reached.
      const isAway = error instanceof WorkbenchError && awayCodes.has(error.code);
      if (!(unseen && isAway)) throw error;
    });
    return {
      config: { kind: 'hub', url: http.origin },
      secret: wish.token === '' ? null : { token: wish.token },
      // To find the object `circle` there already is no failure; only who is admitted can see whether it is.
      isNew: purpose !== 'join',
    };

    async function lookAt(place: HubHttp): Promise<void> {
      await requireHub(place, signal);
      const isThere = circle !== null && (await holds(place, ports, circle.id));
      if (purpose !== 'join' || circle === null) return;
      if (!isThere) {
        const message = `The hub at ${place.origin} does not hold the circle ${circle.name}. Nothing was changed; check the address, or ask whoever invited you.`;
        throw new WorkbenchError('hub-circle-unknown', message, { place: place.origin });
      }
      if (wish.token !== '') await requireToken(place, ports, circle.id, wish.token);
    }
  },

  async look({ wish, circle, signal }, ports) {
    const http = httpOf(wish.url, ports);
    await requireHub(http, signal);
    const isThere = circle !== null && (await holds(http, ports, circle.id));
    return { place: http.origin, found: isThere ? 'this-circle' : 'empty' };
  },

  open(request, ports) {
    const { circle } = request;
    const session = sessionOf(request, ports);
    const membership = createHubMembership(circle, session);
    return {
      store: createHubRemoteStore(session),
      afterExchange: () => membership.settle(),
      watch: (onHint) => watchHub({ session, circle: circle.id, clock: ports.clock, chance: chanceOf(ports), onHint }),
    };
  },

  async invite(config, circle, ports) {
    const url = config.url;
    const withoutToken: Readonly<Record<string, string>> = { url };
    if (!circle.fold.isAdministrator(circle.replica)) return withoutToken;
    const session = sessionOf({ config, secret: {}, circle, onTraffic: () => undefined }, ports);
    try {
      const { json } = await session.send({ method: 'POST', path: '/invitations', json: {} });
      return { url, token: String(json['token']) };
    } catch (error) {
      // An administrator of the circle whom the hub does not know as one yet: who is invited asks to be admitted.
      if (error instanceof HubRefusal && error.hubCode === 'not-administrator') return withoutToken;
      throw error;
    }
  },

  async inviteDevice(config, circle, device, ports) {
    const { url } = config;
    if (!circle.fold.isAdministrator(circle.replica)) return { url };
    const session = sessionOf({ config, secret: {}, circle, onTraffic: () => undefined }, ports);
    try {
      await session.send({ method: 'PUT', path: `/devices/${device}`, json: { role: 'member' } });
    } catch (error) {
      // As above: an administrator whom the hub knows lets it in, by the circle's records.
      if (!(error instanceof HubRefusal && error.hubCode === 'not-administrator')) throw error;
    }
    return { url };
  },

  async turnAway(config, circle, device, ports) {
    const http = httpOf(config.url, ports);
    const session = await openSession(http, ports.engine.crypto, circle.id, device);
    const path = `/v1/circles/${circle.id}/devices/${device.replica}`;
    try {
      await http.send({ method: 'DELETE', path, session });
    } catch (error) {
      const isOut = ['not-admitted', 'device-removed', 'circle-unknown'];
      if (!(error instanceof HubRefusal && isOut.includes(error.hubCode))) throw error;
    }
  },

  wishFrom({ url, token = '' }) {
    return url === undefined ? null : { kind: 'hub', url, token };
  },
};

const chanceOf =
  ({ random }: ChannelPorts) =>
  (): number =>
    random(1)[0]! / 255;

function httpOf(
  url: string,
  ports: ChannelPorts,
  onTraffic: OpenRequest<'hub'>['onTraffic'] = () => undefined,
): HubHttp {
  const { fetch, clock, partsFolder } = ports;
  const transport = createHttpTransport({ fetch, after: clock.after, chance: chanceOf(ports), onTraffic });
  return createHubHttp({ url, transport, partsFolder });
}

function sessionOf({ config, secret, circle, onTraffic }: OpenRequest<'hub'>, ports: ChannelPorts): HubSession {
  const http = httpOf(config.url, ports, onTraffic);
  const { crypto } = ports.engine;
  return createHubSession({ http, device: deviceOf(circle), crypto, token: secret['token'] ?? '' });
}

/** The circle of this profile, as its hub sees it. */
export function deviceOf(circle: OpenedCircle): HubDevice {
  return {
    circle: circle.id,
    get replica() {
      return circle.replica;
    },
    signers: () => circle.signers(),
    root() {
      const founder = circle.fold.founder();
      const roots = circle.fold.recordsOfType('circle', { withRemoved: true });
      return roots.find(({ id }) => creatorOf(id) === founder && circleIdOf(id) === circle.id)?.id ?? null;
    },
  };
}

async function requireHub(http: HubHttp, signal: Parameters<HubHttp['send']>[0]['signal']): Promise<void> {
  const { json } = await http.send({ method: 'GET', path: '/health', signal });
  if (typeof json['status'] === 'string' && typeof json['version'] === 'string') return;
  const message = `What answers at ${http.origin} is no hub. Nothing was changed; check the address.`;
  throw new WorkbenchError('channel-unsuitable', message, { place: http.origin });
}

/** A session under a key made for the purpose: before joining there is no other. */
async function strangerSession(http: HubHttp, ports: ChannelPorts, circle: CircleId): Promise<string> {
  const { signing } = newReplicaKeys(ports.random);
  return openSession(http, ports.engine.crypto, circle, { publicKey: signing.publicKey, seed: signing.privateKey });
}

/** Whether the hub holds the circle; it says that to anybody who knows the circle's id. */
async function holds(http: HubHttp, ports: ChannelPorts, circle: CircleId): Promise<boolean> {
  const session = await strangerSession(http, ports, circle);
  try {
    await http.send({ method: 'GET', path: `/v1/circles/${circle}`, session });
  } catch (error) {
    if (error instanceof HubRefusal && error.hubCode === 'circle-unknown') return false;
    if (!(error instanceof HubRefusal && error.hubCode === 'not-admitted')) throw error;
  }
  return true;
}

/** Fails with `hub-invitation-used` or `hub-invitation-unknown`, before anything was written here. */
async function requireToken(http: HubHttp, ports: ChannelPorts, circle: CircleId, token: string): Promise<void> {
  const session = await strangerSession(http, ports, circle);
  await http.send({ method: 'POST', path: `/v1/circles/${circle}/invitations/check`, session, json: { token } });
}
