/** A folder on a WebDAV server (Nextcloud, ownCloud, Apache, nginx, ...) as a channel. */
import { base32 } from '../../../shared/ids.ts';
import type { ChannelKind, ChannelPorts, ConfigOf, WishOf } from './channel-kind.ts';
import { createHttpTransport } from './http-transport.ts';
import { settlePlace, lookAtPlace, type ServerPlaces } from './server-places.ts';
import { createWebdavClient, type WebdavClient } from './webdav-client.ts';
import { createWebdavRemoteStore } from './webdav-remote-store.ts';

type Traffic = (bytes: { readonly sent: number; readonly received: number }) => void;

function clientOf(
  { url, user, password }: { readonly url: string; readonly user: string; readonly password: string },
  { fetch, clock, random, partsFolder }: ChannelPorts,
  onTraffic: Traffic = () => undefined,
): WebdavClient {
  const chance = (): number => random(1)[0]! / 255;
  const transport = createHttpTransport({ fetch, after: clock.after, chance, onTraffic });
  return createWebdavClient({ url, user, password, transport, partsFolder });
}

/** An address may come with name and password in it, and with a slash or without. */
function tidy(wish: WishOf<'webdav'>): WishOf<'webdav'> {
  const url = new URL(wish.url);
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  url.username = '';
  url.password = '';
  url.hash = '';
  url.search = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return { kind: 'webdav', url: url.href, user: wish.user || user, password: wish.password || password };
}

function placesOf(wish: WishOf<'webdav'>, ports: ChannelPorts): ServerPlaces {
  const at = (folder: string) => clientOf({ ...wish, url: wish.url + folder }, ports);
  const root = at('');
  return {
    address: wish.url,
    list: async (signal) =>
      (await root.list('', signal))?.map(({ name, isCollection }) => ({ name, isFolder: isCollection })) ?? null,
    store: (folder) => createWebdavRemoteStore({ client: at(folder), owner: 'look', random: ports.random }),
    makeFolder: (folder, signal) => root.makeFolder(folder, signal),
    async tryOut(folder, signal) {
      const name = `put-probe-${base32(ports.random(5))}`;
      await at(folder).put(name, new TextEncoder().encode('x'), signal);
      await at(folder).remove(name);
    },
  };
}

function configOf({ url, user }: WishOf<'webdav'>, folder: string): Omit<ConfigOf<'webdav'>, 'id'> {
  return { kind: 'webdav', url: url + folder, user };
}

export const webdavKind: ChannelKind<'webdav'> = {
  kind: 'webdav',
  overNetwork: true,
  pollMs: 30_000,

  async settle({ wish: given, circle, purpose, signal }, ports) {
    const wish = tidy(given);
    const { folder, isNew } = await settlePlace(placesOf(wish, ports), {
      circle,
      purpose,
      signal,
      random: ports.random,
    });
    return { config: configOf(wish, folder), secret: { password: wish.password }, isNew };
  },

  look: ({ wish, circle, signal }, ports) =>
    lookAtPlace(placesOf(tidy(wish), ports), { circle: circle?.id ?? null, signal }),

  // A password is a person's own: whoever is invited gives theirs.
  invite: async ({ url }) => ({ url }),
  wishFrom: ({ url }) => (url ? { kind: 'webdav', url, user: '', password: '' } : null),

  open({ config, secret, circle, onTraffic }, ports) {
    const client = clientOf({ ...config, password: secret['password'] ?? '' }, ports, onTraffic);
    return { store: createWebdavRemoteStore({ client, owner: circle.replica, random: ports.random }) };
  },
};
