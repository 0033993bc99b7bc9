/**
 * The world of the fuzz over all channels: nine devices of seven people in three circles, and what they can do there. A
 * region exchanges through a folder and a hub at once, a delegation over WebDAV on a bad network and a bucket, a working
 * group by bundles in the mail and a stick that some of them share.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import type { OpenedCircle } from '../../electron/services/circles/open-circle.ts';
import { companionKeys } from '../../electron/services/circles/companion-keys.ts';
import { listingOps } from '../../electron/services/circles/listed-devices.ts';
import { openBundle } from '../../electron/services/exchange/bundle-import.ts';
import { claimStore } from '../../electron/services/exchange/circle-check.ts';
import { compression, createSealingCrypto } from '../../electron/services/exchange/sealing.ts';
import type { CircleId, RecordId, VersionId } from '../../shared/ids.ts';
import { overHeads, type IntendedOp } from '../../shared/records/writer.ts';
import type { Compression, SealingCrypto } from '../../shared/sync/sealing-crypto.ts';
import { createWorkshop, type Device, type Seat, type Workshop } from './fuzz-channels-devices.ts';
import { createModel, familyOf, isRemovedFrom, type Model } from './fuzz-channels-model.ts';
import { createNewerDevice, type NewerDevice } from './fuzz-channels-newer.ts';
import {
  createFolderPlace,
  createMemoryPlace,
  createS3FuzzPlace,
  createWebdavFuzzPlace,
  Cut,
  type FuzzHub,
  type Place,
  type Witness,
} from './fuzz-channels-places.ts';
import { createRandom } from './fuzz-folder-run.ts';

export interface FuzzCircle {
  readonly number: number;
  readonly id: CircleId;
  readonly places: readonly Place[];
}

export interface Posted {
  readonly circle: number;
  readonly to: Device;
  readonly bytes: Uint8Array;
  arrived: number;
}

/** An epoch as it was opened: of whose removal its maker knew then. */
export interface OpenedEpoch {
  readonly circle: number;
  readonly epoch: number;
  readonly without: ReadonlySet<Device>;
}

export interface World {
  readonly seed: number;
  readonly workshop: Workshop;
  readonly model: Model;
  readonly circles: readonly FuzzCircle[];
  readonly places: readonly Place[];
  readonly devices: Device[];
  readonly post: Posted[];
  readonly epochs: OpenedEpoch[];
  /** How often a device in low-data mode asked, and was allowed. */
  readonly asked: { times: number; allowed: number };
  readonly newer: NewerDevice;
  /** Everything ever put anywhere: circle and name, and every content that stood there. */
  readonly seen: Map<string, Uint8Array[]>;
  /** From 0 to 1, of the contents: never of the actions, so that a changed text changes no step. */
  readonly content: () => number;
  /** The places of later devices are those of the one they are copied from or sit beside. */
  readonly base: Map<Device, number>;
  seatOf(device: Device, circle: number): Seat | undefined;
  /** Devices that sit in a circle and were not removed from it, nor anything that carries them on. */
  live(circle: number): Device[];
  /** Whether a removal of a device counts in the end. One by an administrator who turns out to have been removed does not. */
  isOut(device: Device, circle: number): boolean;
  newValue(): string;
  write(device: Device, circle: number, record: RecordId): Promise<void>;
  writeValue(device: Device, circle: number, ops: readonly IntendedOp[]): Promise<VersionId>;
  /** `meeting`: everything is looked at, allowed and asked for. */
  exchange(device: Device, circle: number, place: Place, meeting?: boolean): Promise<void>;
  arrive(device: Device, circle: number, bytes: Uint8Array): Promise<void>;
  holds(device: Device, circle: number, record: RecordId, value: string): boolean;
  /** Runs what a device does, and notes which epochs it opens meanwhile. */
  during<T>(device: Device, circle: number, act: () => Promise<T>): Promise<T>;
  join(device: Device, circle: number, by: Device): Promise<void>;
  note(device: Device): void;
  dispose(): Promise<void>;
}

/** The best compression takes most of the time, and is not what is tried here. */
const quick: Compression = {
  ...compression,
  brotli: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
};

/** Twelve devices check the same signatures again and again; each is computed once. */
function checkedOnce(crypto: SealingCrypto): SealingCrypto {
  const known = new Map<string, boolean>();
  return {
    ...crypto,
    verify(message, signature, publicKey) {
      const key = [crypto.sha256(message), signature, publicKey]
        .map((part) => Buffer.from(part).toString('latin1'))
        .join();
      const is = known.get(key) ?? crypto.verify(message, signature, publicKey);
      known.set(key, is);
      return is;
    },
  };
}

const people = [0, 0, 1, 1, 2, 3, 4, 5, 6];
/** Devices by circle, the founder first. */
const seats: readonly (readonly number[])[] = [
  [0, 1, 2, 4, 5, 6],
  [2, 3, 5, 7],
  [4, 7, 8, 0],
];
/** By which of the ways of a circle a device goes; by all of them where nothing is said. */
const waysOf: readonly Readonly<Record<number, readonly string[]>>[] = [
  { 1: ['hub'], 4: ['folder'], 5: ['hub'], 6: ['folder'] },
  { 3: ['webdav'], 5: ['s3'] },
  // Two of the working group have nothing but the mail.
  { 0: [], 8: [] },
];
/** Devices on costly links: they ask before they move more than this over a network. */
const sparing: readonly number[] = [1, 7];
const askAboveBytes = 1500;
const mostAllowed = 3;

export async function createWorld(seed: number, hub: FuzzHub): Promise<World> {
  const content = createRandom(seed * 7919 + 1);
  const keys = createRandom(seed * 7919 + 2);
  const network = createRandom(seed * 7919 + 3);
  const random = (length: number) => Uint8Array.from({ length }, () => Math.floor(keys() * 256));
  const root = await mkdtemp(join(tmpdir(), 'workbench-fuzz-all-'));
  const engine = { crypto: { ...checkedOnce(await createSealingCrypto()), random }, compression: quick };
  const seen = new Map<string, Uint8Array[]>();
  const witness: Witness = (circle, name, bytes) => {
    const key = `${circle} ${name}`;
    const known = seen.get(key) ?? [];
    if (!known.some((each) => Buffer.compare(each, bytes) === 0)) known.push(bytes.slice());
    seen.set(key, known);
  };
  const folder = await createFolderPlace(witness);
  const placesOfCircle: readonly (readonly Place[])[] = [
    [folder, hub.place(witness, () => circles[0]!.id)],
    [createWebdavFuzzPlace(witness, network), await createS3FuzzPlace(witness)],
    [createMemoryPlace(witness)],
  ];
  const places = placesOfCircle.flat();
  const model = createModel(seats.length);
  const base = new Map<Device, number>();
  const devices: Device[] = [];
  const circles: FuzzCircle[] = [];
  const tokens = new Map<string, string>();
  const epochs: OpenedEpoch[] = [];
  const asked = { times: 0, allowed: 0 };
  let values = 0;

  const workshop = createWorkshop({
    root,
    engine,
    random,
    delegationOf: (person) => `Delegation ${person}`,
    tokenOf: (device, circle) => tokens.get(`${device.name} ${circle}`) ?? '',
    placesOf(device, id) {
      const circle = circles.find((each) => each.id === id);
      const number = base.get(device) ?? devices.length;
      if (!circle) return [];
      const ways = waysOf[circle.number]![number];
      return circle.places.filter(({ name }) => ways?.includes(name) ?? true);
    },
  });

  const seatOf = (device: Device, circle: number): Seat | undefined => device.seats.get(circles[circle]!.id);

  function isOut(device: Device, circle: number): boolean {
    const { fold } = seatOf(live(circle)[0]!, circle)!.circle;
    const names = device.replicas.get(circles[circle]!.id) ?? [];
    return [...names].some((replica) => fold.limitOf(replica)?.reason === 'removed');
  }

  function live(circle: number): Device[] {
    const gone = new Set(
      devices.filter((each) => isRemovedFrom(model, circle, each)).flatMap((each) => [...familyOf(model, each)]),
    );
    return [...model.members[circle]!].filter((each) => !gone.has(each));
  }

  /** Which names a device goes by: it may have changed since. */
  function note(device: Device): void {
    for (const [id, { circle }] of device.seats) {
      const known = device.replicas.get(id) ?? new Set();
      for (const { replica } of circle.signers()) known.add(replica);
      device.replicas.set(id, known);
    }
  }

  function knownRemovals(device: Device, circle: number): Set<Device> {
    const fold = seatOf(device, circle)?.circle.fold;
    const named = new Set(fold?.removals().map(({ replica }) => replica));
    const found = model.removals.filter(
      (removal) => removal.circle === circle && [...removal.replicas].some((each) => named.has(each)),
    );
    return new Set(found.map((removal) => removal.device));
  }

  async function during<T>(device: Device, circle: number, act: () => Promise<T>): Promise<T> {
    const before = new Set(epochs.filter((each) => each.circle === circle).map(({ epoch }) => epoch));
    const without = knownRemovals(device, circle);
    try {
      return await act();
    } finally {
      const seat = seatOf(device, circle);
      for (const { number, record } of seat?.circle.fold.epochs() ?? []) {
        if (before.has(number) || !seat!.circle.signers().some(({ replica }) => record.startsWith(`${replica}.`)))
          continue;
        epochs.push({ circle, epoch: number, without: new Set([...without, ...knownNow(device, circle)]) });
      }
      note(device);
    }
  }

  /** Of an epoch that a removal itself opened, whoever that removes is left out as well; unless a disk lost it since. */
  function knownNow(device: Device, circle: number): Device[] {
    const { fold } = seatOf(device, circle)!.circle;
    return model.removals
      .filter((removal) => removal.circle === circle && removal.by === device && fold.record(removal.record) !== null)
      .map((removal) => removal.device);
  }

  async function write(device: Device, circle: number, record: RecordId): Promise<void> {
    const { circle: opened } = seatOf(device, circle)!;
    const value = newValue();
    if (content() < 0.5 || !device.screen.has(record)) {
      device.screen.set(record, overHeads(opened.fold, record, 'title'));
    }
    const over = device.screen.get(record)!;
    const version = await writeValue(device, circle, [{ record, type: 'draft', field: 'title', over, value }]);
    device.screen.set(record, [version]);
  }

  /** `ops` of one record; what the last one holds is noted as written. */
  async function writeValue(device: Device, circle: number, ops: readonly IntendedOp[]): Promise<VersionId> {
    const { circle: opened } = seatOf(device, circle)!;
    const { record, value } = ops.at(-1)!;
    const { epoch } = opened.keys.current();
    const version = `${await opened.write(ops)}.${ops.length - 1}` as VersionId;
    const hiddenFrom = new Set(
      [...knownRemovals(device, circle)].filter((each) =>
        epochs.some((opening) => opening.circle === circle && opening.epoch === epoch && opening.without.has(each)),
      ),
    );
    model.written.push({
      ...{ value: value as string, circle, record, version, by: device, hiddenFrom, erasedBy: null },
      // What a removed device goes on writing is nobody's loss.
      required: live(circle).includes(device),
    });
    return version;
  }

  function newValue(): string {
    values += 1;
    const letters = Array.from({ length: 8 }, () => String.fromCharCode(97 + Math.floor(content() * 26)));
    return `v${seed}-${values}-${letters.join('')}`;
  }

  async function exchange(device: Device, circle: number, place: Place, meeting = false): Promise<void> {
    const seat = seatOf(device, circle);
    const channel = seat?.channels.find((each) => each.place === place);
    if (!seat || !channel) return;
    const isSparing = sparing.includes(base.get(device)!) && place.overNetwork;
    const run = () =>
      channel.exchange
        .run({ check: meeting, askAboveBytes: isSparing ? askAboveBytes : null })
        .catch((error: unknown) => {
          if (error instanceof Cut) return null;
          throw error;
        });
    await during(device, circle, async () => {
      if (isSparing && meeting) for (const content of lacking(seat)) channel.exchange.want(content);
      let result = await run();
      for (let times = 0; result?.asks && (meeting || content() < 0.5) && times < mostAllowed; times += 1) {
        channel.exchange.allow();
        asked.allowed += 1;
        result = await run();
      }
      if (result?.asks) asked.times += 1;
      if (!result) return;
      if (result.error === null) await channel.afterExchange();
      if (result.looked) await seat.bundles.shareWith(channel.exchange);
      if (result.received === 0) return;
      const remembered = await channel.exchange.remembered();
      for (const other of seat.channels) if (other !== channel) await other.exchange.learn(remembered);
    });
  }

  /** Originals that somebody who sits there may open. */
  const lacking = ({ circle }: Seat): string[] =>
    circle.fold
      .recordsOfType('document')
      .flatMap((record) => record.fields.get('document')?.values ?? [])
      .flatMap(({ value }) => (typeof value === 'string' ? [value] : []));

  async function arrive(device: Device, circle: number, bytes: Uint8Array): Promise<void> {
    const { bundles, channels } = seatOf(device, circle)!;
    const opened = openBundle('post', bytes, engine);
    await during(device, circle, async () => {
      await bundles.takeIn('post', opened);
      for (const channel of channels) await bundles.shareWith(channel.exchange);
    });
  }

  async function join_(device: Device, circle: number, by: Device): Promise<void> {
    const { id, places: ways } = circles[circle]!;
    const { circle: host } = seatOf(by, circle)!;
    for (const way of ways) {
      const token = await way.invite(host, workshop.portsOf(by));
      if (token !== '') tokens.set(`${device.name} ${id}`, token);
    }
    const founder = host.fold.founder() ?? host.replica;
    const access = { circle: id, name: host.name(), founder, ...host.keys.current() };
    const isCompanion = device !== by && device.person === by.person;
    let opened: OpenedCircle;
    if (isCompanion) {
      const seed = random(32);
      const companion = companionKeys(seed, id);
      await host.write(listingOps(host.fold, host.person, companion.replica, true));
      opened = await device.circles.join(access, { keys: companion, person: host.person, personal: false });
    } else opened = await device.circles.join(access);
    workshop.sit(device, opened);
    model.members[circle]!.add(device);
    note(device);
  }

  const world: Omit<World, 'newer'> = {
    ...{ seed, workshop, model, circles, places, devices, epochs, seen, content, base, seatOf, live, isOut, newValue },
    ...{ post: [], asked, write, writeValue, exchange, arrive, during, join: join_, note },
    holds(device, circle, record, value) {
      const fold = seatOf(device, circle)?.circle.fold;
      const versions = ['title', 'body'].flatMap((field) => fold?.history(record, field) ?? []);
      return versions.some((version) => version.value === value);
    },
    async dispose() {
      await workshop.dispose();
      for (const place of places) await place.dispose();
      await rm(root, { recursive: true, force: true });
    },
  };

  for (const [index, person] of people.entries()) {
    const device = await workshop.create(`d${index}`, person);
    base.set(device, index);
    devices.push(device);
  }
  for (const [number, [first, ...others]] of seats.entries()) {
    const founder = devices[first!]!;
    const opened = await founder.circles.create({ name: `Circle ${number}` });
    circles.push({ number, id: opened.id, places: placesOfCircle[number]! });
    workshop.sit(founder, opened);
    model.members[number]!.add(founder);
    note(founder);
    for (const { exchange: _exchange, place } of seatOf(founder, number)!.channels) {
      const link = workshop.linkOf(founder, place);
      const { store } = place.open(opened, link, workshop.portsOf(founder), '');
      await claimStore({ store, circle: opened, engine });
      await exchange(founder, number, place);
    }
    for (const other of others) {
      const device = devices[other!]!;
      await join_(device, number, founder);
      for (const { place } of seatOf(device, number)!.channels) await exchange(device, number, place);
    }
    for (const { place } of seatOf(founder, number)!.channels) await exchange(founder, number, place);
  }
  const host = seatOf(devices[0]!, 0)!;
  const newerLink = { away: false, hidden: new Set<string>(), cutAfter: null };
  const newer = await createNewerDevice({
    circle: host.circle.id,
    ...host.circle.keys.current(),
    store: folder.open(host.circle, newerLink, workshop.portsOf(devices[0]!), '').store,
    engine,
    random,
    now: () => workshop.clock.now,
  });
  await exchange(devices[0]!, 0, folder);
  return { ...world, newer };
}
