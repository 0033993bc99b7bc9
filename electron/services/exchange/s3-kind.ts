/** A bucket of an S3-compatible store (AWS, MinIO, Garage, Ceph, Backblaze, ...) as a channel. */
import { base32 } from '../../../shared/ids.ts';
import type { ChannelKind, ChannelPorts, ConfigOf, WishOf } from './channel-kind.ts';
import { createHttpTransport } from './http-transport.ts';
import { createS3Client, type S3Client } from './s3-client.ts';
import { createS3RemoteStore } from './s3-remote-store.ts';
import { lookAtPlace, settlePlace, type ServerPlaces } from './server-places.ts';

type Traffic = (bytes: { readonly sent: number; readonly received: number }) => void;
type Access = Pick<WishOf<'s3'>, 'endpoint' | 'region' | 'bucket' | 'accessKey' | 'secretKey'>;

function clientOf(access: Access, ports: ChannelPorts, onTraffic: Traffic = () => undefined): S3Client {
  const { fetch, clock, random, partsFolder } = ports;
  const chance = (): number => random(1)[0]! / 255;
  const transport = createHttpTransport({ fetch, after: clock.after, chance, onTraffic });
  const { endpoint, region, bucket, accessKey, secretKey } = access;
  return createS3Client({ endpoint, region, bucket, accessKey, secretKey, transport, now: clock.now, partsFolder });
}

const tidyPrefix = (prefix: string): string => {
  const inner = prefix.replaceAll(/^\/+|\/+$/g, '');
  return inner === '' ? '' : `${inner}/`;
};

function placesOf(wish: WishOf<'s3'>, ports: ChannelPorts): ServerPlaces {
  const client = clientOf(wish, ports);
  const prefix = tidyPrefix(wish.prefix);
  return {
    address: `${client.address}/${prefix}`,
    async list(signal) {
      const names = new Map<string, { readonly name: string; readonly isFolder: boolean }>();
      for (const { key } of await client.list(prefix, signal)) {
        const [name, ...below] = key.slice(prefix.length).split('/');
        if (name) names.set(name, { name, isFolder: below.length > 0 });
      }
      return [...names.values()];
    },
    store: (folder) => createS3RemoteStore(client, prefix + folder),
    // Folders are beginnings of keys and need no making.
    makeFolder: async () => undefined,
    async tryOut(folder, signal) {
      const key = `${prefix}${folder}put-probe-${base32(ports.random(5))}`;
      await client.put(key, new TextEncoder().encode('x'), signal);
      await client.remove(key);
    },
  };
}

function configOf(wish: WishOf<'s3'>, folder: string): Omit<ConfigOf<'s3'>, 'id'> {
  const { endpoint, region, bucket, accessKey } = wish;
  return { kind: 's3', endpoint, region, bucket, prefix: tidyPrefix(wish.prefix) + folder, accessKey };
}

export const s3Kind: ChannelKind<'s3'> = {
  kind: 's3',
  overNetwork: true,
  pollMs: 30_000,

  async settle({ wish, circle, purpose, signal }, ports) {
    const request = { circle, purpose, signal, random: ports.random };
    const { folder, isNew } = await settlePlace(placesOf(wish, ports), request);
    return { config: configOf(wish, folder), secret: { secretKey: wish.secretKey }, isNew };
  },

  look: ({ wish, circle, signal }, ports) => lookAtPlace(placesOf(wish, ports), { circle: circle?.id ?? null, signal }),

  // A bucket has one key for all in most teams, and it opens more than this circle: it goes another way.
  invite: async ({ endpoint, region, bucket, prefix }) => ({
    endpoint,
    region,
    bucket,
    prefix,
    url: `${endpoint}/${bucket}/${prefix}`,
  }),
  wishFrom: ({ endpoint, region = '', bucket, prefix = '' }) =>
    endpoint && bucket ? { kind: 's3', endpoint, region, bucket, prefix, accessKey: '', secretKey: '' } : null,

  open({ config, secret, onTraffic }, ports) {
    const client = clientOf({ ...config, secretKey: secret['secretKey'] ?? '' }, ports, onTraffic);
    return { store: createS3RemoteStore(client, config.prefix) };
  },
};
