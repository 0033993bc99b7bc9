/**
 * The places of the fuzz over all channels: a folder on the disk, a WebDAV server behind a bad network, a hub, a medium in
 * memory. Everything that is ever put anywhere is noted with its bytes: whoever runs a place may have kept it.
 */
import { copyFile, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChannelPorts, OpenedChannel } from '../../electron/services/exchange/channel-kind.ts';
import type { OpenedCircle } from '../../electron/services/circles/open-circle.ts';
import { folderKind } from '../../electron/services/exchange/folder-kind.ts';
import { hubKind } from '../../electron/services/exchange/hub-kind.ts';
import { webdavKind } from '../../electron/services/exchange/webdav-kind.ts';
import { defaultLimits } from '../../hub/rules/limits.ts';
import { startHub } from '../../hub/server/app.ts';
import { openStorage } from '../../hub/storage/open-storage.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import { parseObjectName } from '../../shared/sync/object-name.ts';
import type { RemoteStore } from '../../shared/sync/remote-store.ts';
import { createMemoryRemoteStore } from '../fakes/memory-remote-store.ts';
import { createWebdavPlace } from '../fakes/webdav-place.ts';
import { newHubFolder } from '../servers/hub-data.ts';

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
  /** Null where nobody gets at the files. */
  readonly files: Files | null;
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
    capabilities: inner.capabilities,
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
    name: 'folder',
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
    name: 'webdav',
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

/** A medium that everybody comes to, as a folder would be, without the cost of a disk. */
export function createMemoryPlace(witness: Witness): Place {
  const inner = createMemoryRemoteStore();
  return {
    name: 'stick',
    files: filesOf(inner.objects),
    open: (circle, link) => ({ store: linked(inner, circle, link, witness) }),
    invite: async () => '',
    setBad: () => undefined,
    dispose: async () => undefined,
  };
}

export interface FuzzHub {
  place(witness: Witness): Place;
  close(): Promise<void>;
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
    place: (witness) => ({
      name: 'hub',
      files: null,
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
