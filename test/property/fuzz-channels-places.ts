/**
 * The places of the fuzz over all channels: a folder on the disk, a WebDAV server behind a bad network, an S3 store, a hub, a
 * medium in memory. Everything that is ever put anywhere is noted with its bytes: whoever runs a place may have kept it.
 */
import { copyFile, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChannelPorts, OpenedChannel } from '../../electron/services/exchange/channel-kind.ts';
import type { OpenedCircle } from '../../electron/services/circles/open-circle.ts';
import { folderKind } from '../../electron/services/exchange/folder-kind.ts';
import { hubKind } from '../../electron/services/exchange/hub-kind.ts';
import { s3Kind } from '../../electron/services/exchange/s3-kind.ts';
import { webdavKind } from '../../electron/services/exchange/webdav-kind.ts';
import { defaultLimits } from '../../hub/rules/limits.ts';
import { startHub } from '../../hub/server/app.ts';
import { openStorage } from '../../hub/storage/open-storage.ts';
import type { Storage } from '../../hub/storage/storage.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import type { CircleId } from '../../shared/ids.ts';
import { parseObjectName } from '../../shared/sync/object-name.ts';
import type { RemoteStore } from '../../shared/sync/remote-store.ts';
import { createMemoryRemoteStore } from '../fakes/memory-remote-store.ts';
import { createWebdavPlace } from '../fakes/webdav-place.ts';
import { newHubFolder } from '../servers/hub-data.ts';
import { startS3 } from '../servers/s3.ts';

/** What one device sees of a place: its cable, and what has not come there yet. */
export interface Link {
  away: boolean;
  readonly hidden: Set<string>;
  /** Requests until the program is cut off; null for never. */
  cutAfter: number | null;
}

/** The files of a place as its owner, a sync tool or a failing disk can get at them. */
export interface Files {
  names(): Promise<string[]>;
  read(name: string): Promise<Uint8Array>;
  write(name: string, bytes: Uint8Array): Promise<void>;
  rename(name: string, to: string): Promise<void>;
  copy(name: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
}

export interface Place {
  readonly name: string;
  readonly files: Files;
  /** Whether a name there is always one that the program gave. */
  readonly keepsNames: boolean;
  readonly overNetwork: boolean;
  open(circle: OpenedCircle, link: Link, ports: Ports, token: string): OpenedChannel;
  /** What the way here needs to be let in; empty where it needs nothing. */
  invite(circle: OpenedCircle, ports: Ports): Promise<string>;
  setBad(isBad: boolean): void;
  dispose(): Promise<void>;
}

export type Ports = Omit<ChannelPorts, 'fetch'>;

/** Everything ever put, by the circle's id and the object's name, with every content that stood there. */
export type Witness = (circle: string, name: string, bytes: Uint8Array) => void;

export class Cut extends Error {}

/** Ends the program in the middle, hides what has not come yet, and tells the witness what is put. */
function linked(inner: RemoteStore, circle: OpenedCircle, link: Link, witness: Witness): RemoteStore {
  const pass = (name: string): boolean => {
    if (link.away) throw new WorkbenchError('folder-unreachable', 'away');
    if (link.cutAfter !== null && (link.cutAfter -= 1) < 0) throw new Cut();
    return !link.hidden.has(name);
  };
  return {
    // One after the other, so that the same seed does the same again.
    capabilities: { ...inner.capabilities, parallelReads: 1 },
    describe: () => inner.describe(),
    async list(prefix, signal) {
      pass('');
      return (await inner.list(prefix, signal)).filter(({ name }) => !link.hidden.has(name));
    },
    get: async (name, signal) => (pass(name) ? inner.get(name, signal) : null),
    async putIfAbsent(name, bytes, signal) {
      pass(name);
      witness(circle.id, name, bytes);
      return inner.putIfAbsent(name, bytes, signal);
    },
    removeOwn: async (name) => (pass(name), inner.removeOwn(name)),
  };
}

const noFetch: typeof globalThis.fetch = () => Promise.reject(new Error('nothing is asked of a network here'));

export async function createFolderPlace(witness: Witness): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'workbench-fuzz-'));
  const at = (name: string): string => join(folder, name);
  return {
    ...{ name: 'folder', keepsNames: false, overNetwork: false },
    files: {
      async names() {
        const all: string[] = [];
        for (const prefix of ['heads', 'segments', 'receipts', 'blobs'])
          for (const name of await readdir(at(prefix)).catch(() => [])) all.push(`${prefix}/${name}`);
        return all;
      },
      read: async (name) => new Uint8Array(await readFile(at(name))),
      write: (name, bytes) => writeFile(at(name), bytes),
      rename: (name, to) => rename(at(name), at(to)),
      copy: (name, to) => copyFile(at(name), at(to)),
      remove: (name) => rm(at(name)),
    },
    open(circle, link, ports) {
      const config = { kind: 'folder', id: 'folder', path: folder } as const;
      const request = { config, secret: {}, circle, onTraffic: () => undefined };
      return { store: linked(folderKind.open(request, { ...ports, fetch: noFetch }).store, circle, link, witness) };
    },
    invite: async () => '',
    setBad: () => undefined,
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

function filesOf(files: Map<string, Uint8Array>): Files {
  const names = async (): Promise<string[]> =>
    [...files.keys()].filter((name) => /^(heads|segments|receipts|blobs)\//.test(name));
  return {
    names,
    read: async (name) => files.get(name)!,
    write: async (name, bytes) => void files.set(name, bytes),
    async rename(name, to) {
      files.set(to, files.get(name)!);
      files.delete(name);
    },
    copy: async (name, to) => void files.set(to, files.get(name)!),
    remove: async (name) => void files.delete(name),
  };
}

export function createWebdavFuzzPlace(witness: Witness, chance: () => number): Place {
  const server = createWebdavPlace(chance);
  return {
    ...{ name: 'webdav', keepsNames: false, overNetwork: true },
    files: filesOf(server.files),
    open(circle, link, ports) {
      const config = { kind: 'webdav', id: 'webdav', url: 'http://files.example/dav/', user: 'amina' } as const;
      const request = { config, secret: { password: 'x' }, circle, onTraffic: () => undefined };
      const { store } = webdavKind.open(request, { ...ports, fetch: server.fetch });
      return { store: linked(store, circle, link, witness) };
    },
    invite: async () => '',
    setBad: (isBad) => void (server.faults.share = isBad ? 0.04 : 0),
    dispose: async () => undefined,
  };
}

/** A bucket on a server of its own. */
export async function createS3FuzzPlace(witness: Witness): Promise<Place> {
  const server = await startS3();
  const { endpoint, bucket, accessKey, secretKey, objects } = server;
  return {
    ...{ name: 's3', keepsNames: false, overNetwork: true },
    files: filesOf(objects),
    open(circle, link, ports) {
      const config = { kind: 's3', id: 's3', endpoint, bucket, accessKey, region: '', prefix: '' } as const;
      const request = { config, secret: { secretKey }, circle, onTraffic: () => undefined };
      const { store } = s3Kind.open(request, { ...ports, fetch: globalThis.fetch });
      return { store: linked(store, circle, link, witness) };
    },
    invite: async () => '',
    setBad: () => undefined,
    dispose: () => server.stop(),
  };
}

/** A medium that everybody comes to, as a folder would be, without the cost of a disk. */
export function createMemoryPlace(witness: Witness): Place {
  const inner = createMemoryRemoteStore();
  return {
    ...{ name: 'stick', keepsNames: false, overNetwork: false },
    files: filesOf(inner.objects),
    open: (circle, link) => ({ store: linked(inner, circle, link, witness) }),
    invite: async () => '',
    setBad: () => undefined,
    dispose: async () => undefined,
  };
}

export interface FuzzHub {
  /** `circleOf`: one circle exchanges there. */
  place(witness: Witness, circleOf: () => CircleId): Place;
  close(): Promise<void>;
}

/** What a failing disk under a hub's database does; names are columns there and stay. */
function filesOfHub({ objects, archive }: Storage, circleOf: () => CircleId): Files {
  const unlikely = (): never => {
    throw new Error('a hub has no file of another name');
  };
  const read = async (name: string): Promise<Uint8Array> =>
    (await objects.read(circleOf(), name, 0, Number.MAX_SAFE_INTEGER & 0x3fffffff))!.bytes;
  return {
    read,
    names: async () =>
      (await objects.list(circleOf(), '', '', 1e6)).map(({ name }) => name).filter((name) => name !== 'circle'),
    async write(name, bytes) {
      const { signer, carrier } = (await objects.facts(circleOf(), name))!;
      await objects.remove(circleOf(), name);
      await archive.restoreObject({ circle: circleOf(), name, signer, carrier, bytes, at: 0 });
    },
    remove: async (name) => void (await objects.remove(circleOf(), name)),
    rename: unlikely,
    copy: unlikely,
  };
}

/** A real hub with its embedded database; one for many seeds, since it takes seconds to make. */
export async function startFuzzHub(): Promise<FuzzHub> {
  const folder = await newHubFolder();
  const storage = await openStorage({ folder });
  const many = 1e9;
  const limits = {
    ...defaultLimits,
    ...{ deviceBurst: many, addressBurst: many, failureBurst: many, foundingBurst: many, deviceObjects: many },
  };
  const hub = await startHub({ storage, limits, version: '0', port: 0, openToAll: true });
  const config = { kind: 'hub', id: 'hub', url: `http://127.0.0.1:${hub.port}` } as const;
  return {
    place: (witness, circleOf) => ({
      ...{ name: 'hub', keepsNames: true, overNetwork: true },
      files: filesOfHub(storage, circleOf),
      open(circle, link, ports, token) {
        const secret: Record<string, string> = token === '' ? {} : { token };
        const request = { config, secret, circle, onTraffic: () => undefined };
        const opened = hubKind.open(request, { ...ports, fetch: globalThis.fetch });
        return { store: linked(opened.store, circle, link, witness), afterExchange: opened.afterExchange! };
      },
      async invite(circle, ports) {
        const invited = await hubKind.invite(config, circle, { ...ports, fetch: globalThis.fetch });
        return invited?.['token'] ?? '';
      },
      setBad: () => undefined,
      dispose: async () => undefined,
    }),
    async close() {
      await hub.close();
      await storage.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Whether a name is one that the program gives. */
export function isOwnName(name: string): boolean {
  return parseObjectName(name) !== null;
}
