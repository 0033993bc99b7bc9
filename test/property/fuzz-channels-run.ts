/**
 * One seed of the fuzz over all channels together: everything that may happen to devices, to the ways between them, to keys
 * and to values happens at random, in circles that share devices and must not share a word. What is expected stands in
 * fuzz-channels-model.ts, what must hold at the end in fuzz-channels-check.ts.
 */
import type { RecordId, ReplicaId } from '../../shared/ids.ts';
import { toErrorMessage } from '../../shared/contract/errors.ts';
import { checkWorld, settleWorld } from './fuzz-channels-check.ts';
import type { Backup, Device } from './fuzz-channels-devices.ts';
import { annotate, bringIn, erasable, eraseDocument, isHeld } from './fuzz-channels-documents.ts';
import { familyOf, isRemovedFrom, joinFamilies } from './fuzz-channels-model.ts';
import type { FuzzHub } from './fuzz-channels-places.ts';
import { createWorld } from './fuzz-channels-world.ts';
import { mixes, type Act, type Mix } from './fuzz-channels-mixes.ts';
import { createRandom } from './fuzz-folder-run.ts';

export const shapes = [
  'written',
  'original',
  'broughtAgain',
  'annotated',
  'documentErased',
  'folder',
  'hub',
  'webdav',
  's3',
  'stick',
  'offline',
  'asked',
  'allowed',
  'bundle',
  'bundleTwice',
  'bundleLate',
  'bundleLost',
  'bundleDamaged',
  'crash',
  'truncated',
  'flipped',
  'duplicated',
  'renamed',
  'removed',
  'delayed',
  'hubDamaged',
  'copied',
  'restored',
  'clock',
  'administrator',
  'rotated',
  'deviceRemoved',
  'removedWrites',
  'removedPuts',
  'erased',
  'newer',
  'hiddenValue',
  'conflict',
  'forked',
] as const;
export type Shape = (typeof shapes)[number];
export type Counts = Record<Shape, number>;

export interface ChannelsOutcome {
  readonly seed: number;
  readonly counts: Readonly<Counts>;
  readonly values: number;
  /** Empty when everything held. */
  readonly failures: readonly string[];
}

const renamings = [' (conflicted copy 2026-11-22)', ' (1)', '.sync-conflict-20261122-101010-ABCDEFG', '~', '.tmp'];
const yearMs = 365 * 86_400_000;

export async function runChannelsFuzz(
  seed: number,
  hub: FuzzHub,
  steps = 2000,
  { shares, administrators, removals }: Mix = mixes.usual,
): Promise<ChannelsOutcome> {
  const action = createRandom(seed);
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(action() * from.length)];
  const world = await createWorld(seed, hub);
  const { model, devices, circles, workshop, post } = world;
  const counts = Object.fromEntries(shapes.map((shape) => [shape, 0])) as Counts;
  /** `as`: what the device was called in its circles. */
  const backups: { readonly of: Device; readonly backup: Backup; readonly as: ReadonlySet<ReplicaId> }[] = [];
  const records: RecordId[][] = circles.map(() => []);
  const tally = { copied: 0 };
  const failures: string[] = [];

  /** A circle in which this device sits. */
  function anyCircle(device: Device): number {
    return pick(circles.filter(({ number }) => world.seatOf(device, number)))!.number;
  }

  async function write(device: Device): Promise<void> {
    const circle = anyCircle(device);
    const known = records[circle]!;
    const record = action() < 0.35 || known.length === 0 ? world.seatOf(device, circle)!.circle.newId() : pick(known)!;
    if (!known.includes(record)) known.push(record);
    counts.written += 1;
    if (isRemovedFrom(model, circle, device)) counts.removedWrites += 1;
    await world.write(device, circle, record);
    if (model.written.at(-1)!.hiddenFrom.size > 0) counts.hiddenValue += 1;
    if (action() > 0.03) return;
    counts.original += 1;
    await bringIn(world, device, circle, world.newValue());
  }

  /** Something happens to a document that was brought in before. */
  async function document(device: Device): Promise<void> {
    const circle = anyCircle(device);
    const dice = action();
    const one = pick(
      dice < 0.5 ? model.originals.filter((each) => each.circle === circle) : erasable(world, device, circle),
    );
    if (!one) return;
    // What a removed device orders or brings in counts for nobody, and so may what one does that waits to be admitted.
    const { fold, replica } = world.seatOf(device, circle)!.circle;
    const isCounted = world.live(circle).includes(device) && fold.limitOf(replica) === null;
    if (dice < 0.3) {
      counts.annotated += 1;
      await annotate(world, device, circle, one);
    } else if (isCounted && dice < 0.5) {
      counts.broughtAgain += 1;
      await bringIn(world, device, circle, one.text);
    } else if (isCounted) {
      counts.documentErased += 1;
      await eraseDocument(world, device, circle, one);
    }
  }

  async function exchange(device: Device): Promise<void> {
    const circle = anyCircle(device);
    const place = pick(world.seatOf(device, circle)!.channels)?.place;
    if (!place) return send(device, circle);
    counts[place.name as 'folder'] += 1;
    if (workshop.linkOf(device, place).away) counts.offline += 1;
    await world.exchange(device, circle, place);
  }

  async function send(device: Device, circle = anyCircle(device)): Promise<void> {
    const others = [...model.members[circle]!].filter((each) => each !== device);
    const to = pick(others);
    const seat = world.seatOf(device, circle)!;
    if (!to || isRemovedFrom(model, circle, device)) return;
    counts.bundle += 1;
    const person = action() < 0.8 ? world.seatOf(to, circle)!.circle.person : null;
    const maxBytes = action() < 0.3 ? 3000 + Math.floor(action() * 6000) : null;
    await world.during(device, circle, async () => {
      const written = await seat.bundles.write({ person, maxBytes }).catch((error: unknown) => {
        // Removed, or waiting for a key, without having heard of it by another way.
        if (['device-removed', 'key-missing'].includes(toErrorMessage(error).code)) return null;
        throw error;
      });
      for (const bytes of written?.files ?? []) post.push({ circle, to, bytes, arrived: 0 });
    });
  }

  async function deliver(): Promise<void> {
    const one = pick(post);
    if (!one) return;
    const fate = action();
    if (fate < 0.12) {
      counts.bundleLost += 1;
      post.splice(post.indexOf(one), 1);
      return;
    }
    if (fate < 0.25) {
      counts.bundleDamaged += 1;
      const file = one.bytes.slice();
      file[8 + Math.floor(action() * (file.length - 8))]! ^= 1 << Math.floor(action() * 8);
      const code = await world.arrive(one.to, one.circle, file).then(
        () => 'taken in',
        (error: unknown) => toErrorMessage(error).code,
      );
      if (code !== 'bundle-damaged') failures.push(`a damaged bundle: ${code}`);
      return;
    }
    if (one.arrived > 0) counts.bundleTwice += 1;
    if (post.indexOf(one) < post.length - 1) counts.bundleLate += 1;
    one.arrived += 1;
    await world.arrive(one.to, one.circle, one.bytes);
    if (action() < 0.6) post.splice(post.indexOf(one), 1);
  }

  /** The program ends in the middle of an exchange, or between two, and is started again. */
  async function crash(device: Device): Promise<void> {
    counts.crash += 1;
    const circle = anyCircle(device);
    const place = pick(world.seatOf(device, circle)!.channels)?.place;
    if (place) {
      const link = workshop.linkOf(device, place);
      link.cutAfter = Math.floor(action() * 9);
      await world.exchange(device, circle, place);
      link.cutAfter = null;
    }
    await workshop.crash(device);
    world.note(device);
  }

  async function disturb(): Promise<void> {
    const { files, name: where, keepsNames } = pick(world.places)!;
    const name = pick(await files.names());
    if (name === undefined) return;
    const drawn = pick(['truncated', 'flipped', 'duplicated', 'renamed', 'removed', 'delayed'] as const)!;
    const isRenaming = drawn === 'duplicated' || drawn === 'renamed';
    const kind = keepsNames && isRenaming ? 'removed' : drawn;
    const end = pick(renamings)!;
    const bytes = (await files.read(name)).slice();
    const at = Math.floor(action() * bytes.length);
    const bit = 1 << Math.floor(action() * 8);
    counts[kind] += 1;
    if (kind === 'truncated') await files.write(name, bytes.slice(0, at));
    if (kind === 'flipped' && bytes.length > 0) {
      bytes[at]! ^= bit;
      await files.write(name, bytes);
    }
    if (kind === 'duplicated') await files.copy(name, name + end);
    if (kind === 'renamed') await files.rename(name, name + end);
    if (kind === 'removed') await files.remove(name);
    if (where === 'hub') counts.hubDamaged += 1;
    if (kind === 'delayed') pick(devices)!.links.get(where)?.hidden.add(name);
  }

  async function copy(of: Device): Promise<void> {
    if (tally.copied >= 2) return;
    tally.copied += 1;
    counts.copied += 1;
    // Sometimes a profile notices by itself that it was copied; the harder case is when it does not.
    const made = await workshop.copy(of, `${of.name}-copy-${tally.copied}`, action() < 0.3, (device) =>
      world.base.set(device, world.base.get(of)!),
    );
    joinFamilies(model, of, made);
    devices.push(made);
    for (const { number } of circles) if (world.seatOf(made, number)) model.members[number]!.add(made);
    world.note(made);
  }

  async function restore({ of, backup, as }: (typeof backups)[number]): Promise<void> {
    // Who was removed may come back as it was then, and not as another device that nobody removed.
    if (model.removals.some(({ device, kept }) => device === of && [...kept].some((each) => as.has(each)))) return;
    counts.restored += 1;
    await workshop.restore(of, backup);
    world.note(of);
    for (const { number } of circles) {
      if (!world.seatOf(of, number)) model.members[number]!.delete(of);
      forgetLost(number);
    }
  }

  /** What only lost disks held is lost; what any device that takes part holds must stay. */
  function forgetLost(circle: number): void {
    const holders = world.live(circle);
    const isKnown = (record: RecordId): boolean =>
      holders.some((each) => world.seatOf(each, circle)!.circle.fold.record(record) !== null);
    for (const each of model.written) {
      if (each.circle === circle && each.erasedBy === null)
        each.required &&= holders.some((device) => world.holds(device, circle, each.record, each.value));
    }
    for (const each of [...model.removals, ...model.erasures])
      if (each.circle === circle) each.required &&= isKnown(each.record);
    for (const each of model.originals) if (each.circle === circle) each.required &&= isHeld(world, each);
  }

  function administers(device: Device, circle: number): boolean {
    const { fold, replica } = world.seatOf(device, circle)!.circle;
    return fold.isAdministrator(replica) && fold.limitOf(replica) === null;
  }

  async function govern(device: Device): Promise<void> {
    const circle = anyCircle(device);
    if (!administers(device, circle)) return;
    const { circle: opened } = world.seatOf(device, circle)!;
    const dice = action();
    if (dice < 0.25) {
      const persons = opened.fold.recordsOfType('person').map(({ id }) => id);
      const person = pick(persons.filter((each) => !opened.fold.administrators().includes(each)));
      if (!person || opened.fold.administrators().length >= administrators) return;
      counts.administrator += 1;
      await opened.write([{ record: opened.newId(), type: 'grant', field: 'person', over: [], value: person }]);
    } else if (dice < 0.65) {
      if (model.removals.filter((each) => each.circle === circle).length + world.epochs.length > 60) return;
      counts.rotated += 1;
      await world.during(device, circle, async () => {
        await opened.write(await opened.epochs.openingOps(new Set()));
        await opened.tendKeys();
      });
    } else await remove(device, circle);
  }

  async function remove(by: Device, circle: number): Promise<void> {
    const { circle: opened } = world.seatOf(by, circle)!;
    const { fold } = opened;
    const [founder] = model.members[circle]!;
    const candidates = world
      .live(circle)
      .filter((each) => each.person !== by.person && each.person !== founder!.person && !familyOf(model, each).has(by))
      .filter(
        (each) => !model.erasures.some((order) => order.circle === circle && familyOf(model, each).has(order.by)),
      );
    const device = pick(candidates);
    const limit = removals[circle === 0 ? 0 : 1];
    if (!device || model.removals.filter((each) => each.circle === circle && each.required).length >= limit) return;
    const { replica } = world.seatOf(device, circle)!.circle;
    if (!fold.replicas().includes(replica)) return;
    const counted = model.written
      .filter(
        (each) => each.circle === circle && each.by === device && world.holds(by, circle, each.record, each.value),
      )
      .map(({ value }) => value);
    const ops = await opened.epochs.removalOps(replica, 'lost');
    counts.deviceRemoved += 1;
    const { circle: removed } = world.seatOf(device, circle)!;
    const replicas = new Set(removed.signers().map((signer) => signer.replica));
    model.removals.push({
      ...{ circle, device, by, record: ops[0]!.record, required: true, replicas },
      kept: new Set([...device.replicas.get(removed.id)!].filter((each) => !replicas.has(each))),
      counted: new Set(counted),
    });
    await world.during(by, circle, async () => {
      await opened.write(ops);
      await opened.tendKeys();
    });
    forgetLost(circle);
  }

  /** A program that cares for nothing goes on putting what its device writes. */
  async function putAnyway(): Promise<void> {
    const removal = pick(model.removals);
    const seat = removal && world.seatOf(removal.device, removal.circle);
    if (!removal || !seat) return;
    const { circle: opened } = seat;
    const fold = Object.create(opened.fold, { limitOf: { value: () => null } }) as typeof opened.fold;
    const careless = Object.create(opened, { fold: { value: fold } }) as typeof opened;
    const place = pick(circles[removal.circle]!.places)!;
    if (!seat.channels.some((each) => each.place === place)) return;
    counts.removedPuts += 1;
    await workshop.exchangeOnce(removal.device, careless, place);
  }

  async function erase(device: Device): Promise<void> {
    const circle = anyCircle(device);
    const { circle: opened } = world.seatOf(device, circle)!;
    const mine = model.written.filter(
      (each) =>
        each.circle === circle &&
        each.by.person === device.person &&
        each.erasedBy === null &&
        opened.fold.version(each.version)?.erased === false &&
        opened.fold.mayErase(opened.replica, each.version),
    );
    const target = pick(mine);
    // An order that a removal sets aside may have been carried out by some and not by others (RC62).
    if (!target || !world.live(circle).includes(device)) return;
    counts.erased += 1;
    const record = opened.newId();
    await opened.write([{ record, type: 'erasure', field: 'targets', over: [], value: [target.version] }]);
    target.erasedBy = record;
    target.required = false;
    model.erasures.push({ circle, by: device, record, required: true });
  }

  const acts: Readonly<Record<Act, (who: Device) => Promise<void> | void>> = {
    write,
    exchange,
    send,
    deliver,
    goAway(who) {
      for (const link of who.links.values()) link.away = action() < 0.5;
    },
    disturb,
    crash,
    document,
    findAgain(who) {
      for (const link of who.links.values()) link.hidden.clear();
    },
    setClock(who) {
      counts.clock += 1;
      who.clockOffsetMs = Math.floor((action() - 0.5) * 30 * yearMs);
    },
    erase,
    govern,
    putAnyway,
    async writeNewer() {
      counts.newer += 1;
      model.newer.push({ circle: 0, hash: await world.newer.write(world.newValue()) });
    },
    keep(who) {
      const as = new Set([...who.seats.values()].map(({ circle }) => circle.replica));
      backups.push({ of: who, backup: workshop.keep(who), as });
    },
    async restore() {
      const backup = pick(backups.slice(-6));
      if (backup) await restore(backup);
    },
    copy,
  };

  async function step(): Promise<void> {
    workshop.clock.now += Math.floor(action() * 900_000);
    const who = pick(devices)!;
    const dice = action();
    let sum = 0;
    const drawn = (Object.keys(acts) as Act[]).find((act) => dice < (sum += shares[act]));
    await acts[drawn ?? 'copy'](who);
  }

  let at = 0;
  try {
    for (const place of world.places) place.setBad(true);
    for (; at < steps; at += 1) await step();
    await settleWorld(world);
    failures.push(...(await checkWorld(world, counts)));
    return { seed, counts, values: model.written.length, failures };
  } catch (error) {
    throw new Error(`seed ${seed} failed at step ${at} of ${steps}`, { cause: error });
  } finally {
    await world.dispose();
  }
}
