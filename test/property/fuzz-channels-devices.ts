/**
 * Devices of the fuzz over all channels: whole profiles with real circles, on disks in memory, that can crash, be copied,
 * be put back, and have clocks of their own. A device keeps a ring of every key it ever had, whatever became of it.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openCircles, type OpenedCircles } from '../../electron/services/circles/open-circles.ts';
import type { OpenedCircle } from '../../electron/services/circles/open-circle.ts';
import { createBundleChannel, type BundleChannel } from '../../electron/services/exchange/bundle-channel.ts';
import { createExchange, type Exchange } from '../../electron/services/exchange/exchange.ts';
import type { SecretStore } from '../../electron/services/storage/secret-store.ts';
import type { CircleId, RecordId, ReplicaId, VersionId } from '../../shared/ids.ts';
import type { Engine } from '../../shared/sync/object-format.ts';
import { createMemoryDisk, type MemoryDisk } from '../fakes/memory-disk.ts';
import type { Link, Place, Ports } from './fuzz-channels-places.ts';

/** Keys of circles by circle and epoch, in the order in which they came. */
export type KeyRing = Map<string, Uint8Array>;

export interface Channel {
  readonly place: Place;
  readonly exchange: Exchange;
  readonly afterExchange: () => Promise<void>;
}

export interface Seat {
  readonly circle: OpenedCircle;
  readonly channels: readonly Channel[];
  readonly bundles: BundleChannel;
  /** Until what goes on by itself is done: the outbox is on a real disk, and an end of the program ends that too. */
  settled(): Promise<void>;
}

export interface Device {
  readonly name: string;
  readonly person: number;
  readonly ring: KeyRing;
  readonly links: Map<string, Link>;
  /** Every replica that it ever was, by circle. */
  readonly replicas: Map<CircleId, Set<ReplicaId>>;
  clockOffsetMs: number;
  circles: OpenedCircles;
  seats: Map<CircleId, Seat>;
  /** What stands on this person's screen: the heads last looked at. */
  readonly screen: Map<RecordId, readonly VersionId[]>;
  disk: MemoryDisk;
  secrets: Map<string, Uint8Array>;
  /** What the catalogue of a profile remembers of exchanges, as JSON. */
  memory: Map<string, string>;
  outbox: string;
}

export interface Backup {
  readonly disk: MemoryDisk;
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  readonly memory: ReadonlyMap<string, string>;
}

export interface Workshop {
  readonly clock: { now: number };
  readonly engine: Engine;
  readonly random: (lengthBytes: number) => Uint8Array;
  create(name: string, person: number): Promise<Device>;
  /** Makes what is open of a circle, with the ways to it. */
  sit(device: Device, circle: OpenedCircle): void;
  /** The program ends where it is, and is started again. */
  crash(device: Device): Promise<void>;
  keep(device: Device): Backup;
  restore(device: Device, backup: Backup): Promise<void>;
  /** As a copied folder; `noticed` as the profile's own mark would say. */
  copy(device: Device, name: string, noticed: boolean, onMade: (copy: Device) => void): Promise<Device>;
  /** One exchange by another program on the same device, which remembers nothing. */
  exchangeOnce(device: Device, circle: OpenedCircle, place: Place): Promise<void>;
  linkOf(device: Device, place: Place): Link;
  portsOf(device: Device): Ports;
  dispose(): Promise<void>;
}

export interface WorkshopOptions {
  readonly root: string;
  readonly engine: Engine;
  readonly random: (lengthBytes: number) => Uint8Array;
  readonly placesOf: (device: Device, circle: CircleId) => readonly Place[];
  readonly tokenOf: (device: Device, circle: CircleId) => string;
  readonly delegationOf: (person: number) => string;
}

const folder = '/circles';

function secretsOn(map: Map<string, Uint8Array>, ring: KeyRing): SecretStore {
  return {
    get: (name) => map.get(name) ?? null,
    async put(secrets) {
      for (const [name, bytes] of Object.entries(secrets)) {
        map.set(name, bytes.slice());
        const [kind, circle, epoch] = name.split('-');
        if (kind === 'circle') ring.set(`${circle} ${epoch}`, bytes.slice());
      }
    },
    async remove(names) {
      for (const name of names) map.delete(name);
    },
  };
}

export function createWorkshop(options: WorkshopOptions): Workshop {
  const { root, engine, random } = options;
  const clock = { now: 1_790_000_000_000 };
  const devices = new Set<Device>();
  let outboxes = 0;

  const nowOf = (device: Device): number => clock.now + device.clockOffsetMs;
  const newOutbox = (name: string): string => join(root, `${name}-${(outboxes += 1)}`);

  async function open(device: Device, copied = false): Promise<void> {
    device.circles = await openCircles({
      folder,
      fileSystem: device.disk,
      secrets: secretsOn(device.secrets, device.ring),
      blobs: blobsOn(device, engine),
      identity: () => ({
        name: `Person ${device.person}`,
        delegation: options.delegationOf(device.person),
        language: 'en',
      }),
      random,
      now: () => nowOf(device),
      copied,
    });
    device.seats = new Map();
    for (const circle of device.circles.all()) sit(device, circle);
  }

  function linkOf(device: Device, place: Place): Link {
    const link = device.links.get(place.name) ?? { away: false, hidden: new Set(), cutAfter: null };
    device.links.set(place.name, link);
    return link;
  }

  function portsOf(device: Device): Ports {
    return {
      engine,
      random,
      clock: {
        now: () => nowOf(device),
        // Waits between tries are over at once; a stall is never waited for.
        after(delayMs, run) {
          if (delayMs >= 30_000) return () => undefined;
          const soon = setImmediate(run);
          return () => clearImmediate(soon);
        },
      },
      partsFolder: join(root, 'parts', device.name),
    };
  }

  /** As long as this program runs: what goes on after a crash writes where nobody looks. */
  function remembered({ memory }: Device, key: string) {
    return {
      load: (): unknown => JSON.parse(memory.get(key) ?? 'null'),
      save: async (state: unknown) => void memory.set(key, JSON.stringify(state)),
    };
  }

  function sit(device: Device, circle: OpenedCircle): void {
    const stateOf = (key: string) => {
      const { load, save } = remembered(device, key);
      return { load: async () => load(), save };
    };
    const now = (): number => nowOf(device);
    const channels = options.placesOf(device, circle.id).map((place): Channel => {
      const link = linkOf(device, place);
      const opened = place.open(circle, link, portsOf(device), options.tokenOf(device, circle.id));
      const state = stateOf(`${circle.id}/${place.name}`);
      const exchange = createExchange({ circle, store: opened.store, ...engine, state, clock: now });
      return { place, exchange, afterExchange: opened.afterExchange ?? (async () => undefined) };
    });
    const bundles = createBundleChannel({
      circle,
      engine,
      folder: join(device.outbox, circle.id),
      outboxState: stateOf(`${circle.id}/outbox`),
      memory: remembered(device, `${circle.id}/bundles`),
      clock: now,
      random,
    });
    let dropping = Promise.resolve();
    circle.onChanged((news) => {
      if (news.erased === true) dropping = bundles.dropErased();
    });
    device.seats.set(circle.id, { circle, channels, bundles, settled: () => dropping });
  }

  async function make(
    parts: Pick<Device, 'name' | 'person' | 'ring' | 'disk' | 'secrets' | 'memory'>,
  ): Promise<Device> {
    const device: Device = {
      ...parts,
      links: new Map(),
      replicas: new Map(),
      clockOffsetMs: 0,
      circles: null as never,
      seats: new Map(),
      screen: new Map(),
      outbox: newOutbox(parts.name),
    };
    devices.add(device);
    return device;
  }

  return {
    clock,
    engine,
    random,
    sit,
    linkOf,
    portsOf,
    async create(name, person) {
      const device = await make({
        ...{ name, person, ring: new Map(), disk: createMemoryDisk() },
        ...{ secrets: new Map(), memory: new Map() },
      });
      await open(device);
      return device;
    },
    async crash(device) {
      for (const seat of device.seats.values()) await seat.settled();
      // What was open goes on writing into a disk that nobody looks at any more.
      device.disk = device.disk.copy();
      device.secrets = new Map(device.secrets);
      device.memory = new Map(device.memory);
      await open(device);
    },
    keep: ({ disk, secrets, memory }) => ({
      disk: disk.copy(),
      secrets: new Map(secrets),
      memory: new Map(memory),
    }),
    async restore(device, backup) {
      device.disk = backup.disk.copy();
      device.secrets = new Map(backup.secrets);
      device.memory = new Map([...backup.memory].filter(([key]) => !key.endsWith('/outbox')));
      device.screen.clear();
      for (const seat of device.seats.values()) await seat.settled();
      await rm(device.outbox, { recursive: true, force: true });
      device.outbox = newOutbox(device.name);
      await open(device);
    },
    async exchangeOnce(device, circle, place) {
      const { store } = place.open(circle, linkOf(device, place), portsOf(device), '');
      const state = { load: async () => null, save: async () => undefined };
      await createExchange({ circle, store, ...engine, state, clock: () => nowOf(device) }).run({ check: true });
    },
    async copy(from, name, noticed, onMade) {
      const device = await make({
        name,
        person: from.person,
        ring: new Map(from.ring),
        disk: from.disk.copy(),
        secrets: new Map(from.secrets),
        memory: new Map([...from.memory].filter(([key]) => !key.endsWith('/outbox'))),
      });
      for (const [record, versions] of from.screen) device.screen.set(record, versions);
      for (const [circle, replicas] of from.replicas) device.replicas.set(circle, new Set(replicas));
      onMade(device);
      await open(device, noticed);
      return device;
    },
    async dispose() {
      for (const { circles } of devices) await circles.close();
    },
  };
}

function blobsOn(device: Device, { crypto }: Engine) {
  const at = (hash: string): string => `/originals/${hash}`;
  return {
    async put(bytes: Uint8Array) {
      const hash = Buffer.from(crypto.sha256(bytes)).toString('hex');
      const file = await device.disk.open(at(hash), 'create');
      await file.write(bytes, 0);
      return hash;
    },
    get: (hash: string) => device.disk.readFile(at(hash)).catch(() => null),
    has: async (hash: string) => (await device.disk.readFile(at(hash)).catch(() => null)) !== null,
    remove: (hash: string) => device.disk.remove(at(hash)),
  };
}
