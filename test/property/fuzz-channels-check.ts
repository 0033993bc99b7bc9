/** The end of a seed of the fuzz over all channels: everybody meets, and then everything that was promised must hold. */
import { toErrorMessage } from '../../shared/contract/errors.ts';
import { canonical } from '../../shared/records/canonical.ts';
import { changeOf } from '../../shared/records/change.ts';
import { openObject } from '../../shared/sync/object-format.ts';
import { decodeChanges } from '../../shared/sync/relay.ts';
import type { Device } from './fuzz-channels-devices.ts';
import { checkDocuments } from './fuzz-channels-documents.ts';
import { familyOf } from './fuzz-channels-model.ts';
import type { Counts } from './fuzz-channels-run.ts';
import { anyKey, checkErased, checkSecrets } from './fuzz-channels-secrets.ts';
import type { World } from './fuzz-channels-world.ts';

const hourMs = 4_000_000;
const mostRounds = 12;

/** Everybody is online, nothing is hidden, hours pass; and whoever joins then gets everything from what is there. */
export async function settleWorld(world: World): Promise<void> {
  const { workshop, devices, circles, base } = world;
  for (const place of world.places) place.setBad(false);
  for (const device of devices) {
    for (const link of device.links.values()) {
      link.away = false;
      link.hidden.clear();
    }
  }
  await meet(world);
  for (const { number } of circles) {
    const late = await workshop.create(`late${number}`, 100 + number);
    base.set(late, -1);
    devices.push(late);
    const host = world.live(number).find((each) => isAdministrator(world, each, number))!;
    await world.join(late, number, host);
  }
  await meet(world);
  // What is written once all know of all removals is for nobody else.
  for (const { number } of circles) {
    for (const device of world.live(number)) {
      await world.write(device, number, world.seatOf(device, number)!.circle.newId());
    }
  }
  await meet(world);
}

function isAdministrator(world: World, device: Device, circle: number): boolean {
  const { fold, replica } = world.seatOf(device, circle)!.circle;
  return fold.isAdministrator(replica) && fold.limitOf(replica) === null;
}

async function meet(world: World): Promise<void> {
  const open = new Set(world.circles.map(({ number }) => number));
  for (let round = 0; round < mostRounds && open.size > 0; round += 1) {
    world.workshop.clock.now += hourMs;
    for (const circle of open) {
      await meetIn(world, circle, round > 0);
      const states = new Set(world.live(circle).map((each) => stateOf(world, each, circle)));
      if (states.size === 1 && round > 0) open.delete(circle);
    }
  }
}

/** `again`: bundles go only to those who do not hold what their writer holds. */
async function meetIn(world: World, circle: number, again: boolean): Promise<void> {
  for (const device of world.model.members[circle]!) {
    for (const { place } of world.seatOf(device, circle)!.channels) await world.exchange(device, circle, place, true);
  }
  const live = world.live(circle);
  for (const admin of live.filter((each) => isAdministrator(world, each, circle)).slice(0, 1)) {
    const { circle: opened } = world.seatOf(admin, circle)!;
    for (const device of live) {
      for (const replica of device.replicas.get(opened.id) ?? []) {
        if (opened.fold.limitOf(replica)?.reason !== 'not-admitted') continue;
        await world
          .during(admin, circle, () => opened.epochs.admit(replica))
          .catch((error: unknown) => {
            // Its card has not arrived yet: there will be another round.
            if (toErrorMessage(error).code !== 'invalid-state') throw error;
          });
      }
    }
  }
  if (live.every((each) => world.seatOf(each, circle)!.channels.length > 0)) return;
  for (const from of live) {
    const others = [...world.model.members[circle]!].filter((each) => each !== from);
    const to = again ? others.filter((each) => stateOf(world, each, circle) !== stateOf(world, from, circle)) : others;
    if (to.length === 0) continue;
    const { files } = await world.during(from, circle, () =>
      world.seatOf(from, circle)!.bundles.write({ person: null, maxBytes: null }),
    );
    for (const each of to) for (const bytes of files) await world.arrive(each, circle, bytes);
  }
}

function stateOf(world: World, device: Device, circle: number): string {
  return canonical(world.seatOf(device, circle)!.circle.fold.snapshot());
}

/** The ends of chains that one has and the other has not. */
function difference(world: World, circle: number, one: Device, other: Device): string {
  const [a, b] = [one, other].map((each) => world.seatOf(each, circle)!.circle.fold);
  const missing = (from: typeof a, to: typeof a): string =>
    from!
      .replicas()
      .flatMap((replica) => from!.tipsOf(replica))
      .filter((link) => !to!.has(link.hash))
      .map((link) => `${link.replica.slice(0, 5)} ${link.seq}`)
      .join(', ');
  return `only there: ${missing(b, a)}; only here: ${missing(a, b)}`;
}

/** What does not hold, in words; empty when all does. */
export async function checkWorld(world: World, counts: Counts): Promise<string[]> {
  const failures: string[] = [];
  for (const { number } of world.circles) {
    await checkStates(world, number, failures);
    checkValues(world, number, failures);
    checkRemovals(world, number, failures);
    await checkDocuments(world, number, failures);
  }
  await checkErased(world, failures);
  checkSecrets(world, failures);
  counts.asked += world.asked.times;
  counts.allowed += world.asked.allowed;
  for (const { number } of world.circles) {
    const { fold } = world.seatOf(world.live(number)[0]!, number)!.circle;
    counts.forked += fold.forks().length;
    const records = new Set(world.model.written.filter((each) => each.circle === number).map(({ record }) => record));
    counts.conflict += [...records].filter((id) => (fold.field(id, 'title')?.values.length ?? 0) > 1).length;
  }
  return failures;
}

/** The changes in all segments and relays of a circle that stand at a place and open with anybody's keys. */
async function changesAtPlaces(world: World, circle: number): Promise<ReadonlySet<string>> {
  const { id, places } = world.circles[circle]!;
  const device = world.live(circle)[0]!;
  const opener = { ...world.workshop.engine, circle: id, keyOf: (epoch: number) => anyKey(world, id, epoch) };
  const found = new Set<string>();
  for (const place of places) {
    const link = { away: false, hidden: new Set<string>(), cutAfter: null };
    const { store } = place.open(world.seatOf(device, circle)!.circle, link, world.workshop.portsOf(device), '');
    for (const { name } of await store.list('segments/')) {
      const bytes = await store.get(name);
      const object = bytes && openObject(bytes, name, opener);
      const content = object?.ok ? decodeChanges(object.body, object.header, opener) : null;
      if (content?.ok) for (const { hash } of content.changes) found.add(hash);
    }
  }
  return found;
}

async function checkStates(world: World, circle: number, failures: string[]): Promise<void> {
  const [first, ...others] = world.live(circle);
  const { fold } = world.seatOf(first!, circle)!.circle;
  for (const each of others) {
    if (stateOf(world, each, circle) === stateOf(world, first!, circle)) continue;
    const what = difference(world, circle, first!, each);
    failures.push(`circle ${circle}: ${each.name} differs from ${first!.name}: ${what}`);
  }
  // Read only where there is a gap, and then to its end: the places are taken down right after the check.
  let readable: ReadonlySet<string> | null = null;
  for (const each of [first!, ...others]) {
    // What went with a disk and with a file leaves a gap for ever; what anybody has or could read must not be missing.
    for (const { missing, replica, seq } of world.seatOf(each, circle)!.circle.fold.gaps()) {
      const gap = `${each.name} lacks ${replica.slice(0, 5)} ${seq - 1}`;
      for (const other of world.live(circle))
        if (world.seatOf(other, circle)!.circle.fold.has(missing))
          failures.push(`circle ${circle}: ${gap}, which ${other.name} has`);
      readable ??= await changesAtPlaces(world, circle);
      if (readable.has(missing)) failures.push(`circle ${circle}: ${gap}, which can be read`);
    }
    const limit = fold.limitOf(world.seatOf(each, circle)!.circle.replica);
    if (limit !== null) failures.push(`circle ${circle}: ${each.name} counts no more: ${limit.reason}`);
  }
  for (const { hash } of world.model.newer.filter((each) => each.circle === circle)) {
    const holders = world.live(circle).filter((each) => world.seatOf(each, circle)!.circle.fold.has(hash as never));
    if (holders.length > 0 && holders.length < others.length + 1)
      failures.push(
        `circle ${circle}: a change of a newer format is only with ${holders.map(({ name }) => name).join(' ')}`,
      );
  }
}

function checkValues(world: World, circle: number, failures: string[]): void {
  for (const device of world.live(circle)) {
    const { fold } = world.seatOf(device, circle)!.circle;
    for (const each of world.model.written) {
      if (each.circle !== circle) continue;
      const isHere = world.holds(device, circle, each.record, each.value);
      if (each.required && !isHere)
        failures.push(`circle ${circle}: ${device.name} lacks ${each.value} of ${each.by.name}`);
      const order = world.model.erasures.find(({ record }) => record === each.erasedBy);
      if (order?.required && world.live(circle).includes(order.by)) {
        if (isHere) failures.push(`circle ${circle}: ${device.name} still holds ${each.value}, which was erased`);
        if (fold.has(changeOf(each.version).hash) && fold.version(each.version)?.erased !== true)
          failures.push(`circle ${circle}: ${device.name} has not erased ${each.value}`);
      }
    }
  }
}

/** What was removed by the founder's people stays removed, and what it wrote that they did not have counts nowhere. */
function checkRemovals(world: World, circle: number, failures: string[]): void {
  const { model } = world;
  const [founder] = model.members[circle]!;
  for (const removal of model.removals) {
    if (removal.circle !== circle || !removal.required || removal.by.person !== founder!.person) continue;
    const counted = new Set(
      model.removals
        .filter((each) => each.circle === circle && familyOf(model, each.device).has(removal.device))
        .flatMap((each) => [...each.counted]),
    );
    for (const device of world.live(circle)) {
      const { fold } = world.seatOf(device, circle)!.circle;
      for (const replica of removal.replicas) {
        if (fold.replicas().includes(replica) && fold.limitOf(replica)?.reason !== 'removed')
          failures.push(`circle ${circle}: for ${device.name}, ${removal.device.name} was not removed`);
      }
      for (const each of model.written) {
        if (each.circle !== circle || each.by !== removal.device || counted.has(each.value)) continue;
        const values = ['title', 'body'].flatMap((field) => fold.field(each.record, field)?.values ?? []);
        if (values.some(({ value }) => value === each.value))
          failures.push(`circle ${circle}: for ${device.name}, ${each.value} of the removed ${each.by.name} counts`);
      }
    }
  }
}
