/**
 * Documents in the fuzz over all channels: brought in with a file, by one or by several, annotated by anybody, erased by
 * whoever brought them in; and what must hold of their originals in the end (RC63, SY18, SY93).
 */
import type { VersionId } from '../../shared/ids.ts';
import { blobNameFor, openObject } from '../../shared/sync/object-format.ts';
import type { Device } from './fuzz-channels-devices.ts';
import { valuePattern, type Original } from './fuzz-channels-model.ts';
import type { World } from './fuzz-channels-world.ts';

/** `text` is new, or that of a file that somebody has brought in before. */
export async function bringIn(world: World, device: Device, circle: number, text: string): Promise<void> {
  const { circle: opened } = world.seatOf(device, circle)!;
  const bytes = new TextEncoder().encode(`original ${text}`);
  const hash = await opened.blobs.put(bytes);
  const record = opened.newId();
  const change = await opened.write([{ record, type: 'document', field: 'document', over: [], value: hash }]);
  world.model.originals.push({
    ...{ circle, text, hash, by: device, record, version: `${change}.0` as VersionId },
    ...{ required: world.live(circle).includes(device), erasedBy: null },
  });
}

/** On any document, whatever became of it. */
export async function annotate(world: World, device: Device, circle: number, { hash }: Original): Promise<void> {
  const about = { record: world.seatOf(device, circle)!.circle.newId(), type: 'annotation', over: [] };
  await world.writeValue(device, circle, [
    { ...about, field: 'document', value: hash },
    { ...about, field: 'body', value: world.newValue() },
  ]);
}

/** Those that a device may have erased: its person brought them in, and it knows of them. */
export function erasable(world: World, device: Device, circle: number): Original[] {
  const { fold, replica } = world.seatOf(device, circle)!.circle;
  return world.model.originals.filter(
    (each) =>
      each.circle === circle &&
      each.by.person === device.person &&
      each.erasedBy === null &&
      fold.version(each.version)?.erased === false &&
      fold.mayErase(replica, each.version),
  );
}

export async function eraseDocument(world: World, device: Device, circle: number, one: Original): Promise<void> {
  const { circle: opened } = world.seatOf(device, circle)!;
  const order = { record: opened.newId(), type: 'erasure', over: [] };
  await opened.write([
    { ...order, field: 'targets', value: [one.version] },
    { ...order, field: 'originals', value: [one.hash] },
  ]);
  one.erasedBy = order.record;
  one.required = false;
  world.model.erasures.push({ circle, by: device, record: order.record, required: true });
}

const hasFile = (device: Device, hash: string): boolean => device.disk.contents().has(`/originals/${hash}`);

/** Somebody who takes part has both: a file alone goes where the record is erased of which it came. */
export function isHeld(world: World, { circle, record, hash }: Original): boolean {
  const hasRecord = (device: Device): boolean => world.seatOf(device, circle)!.circle.fold.record(record) !== null;
  return world.live(circle).some((device) => hasRecord(device) && hasFile(device, hash));
}

/** Files of which every document was erased, by orders that were not lost; what only lost disks had is none. */
export function erasedForGood(world: World, circle: number): Original[] {
  const { model } = world;
  const live = world.live(circle);
  const isGone = ({ erasedBy, record }: Original): boolean =>
    erasedBy === null
      ? live.every((device) => world.seatOf(device, circle)!.circle.fold.record(record) === null)
      : model.erasures.some((order) => order.record === erasedBy && order.required && live.includes(order.by));
  const all = model.originals.filter((each) => each.circle === circle);
  return all.filter(
    (one) => one.erasedBy !== null && all.filter(({ hash }) => hash === one.hash).every((each) => isGone(each)),
  );
}

export async function checkDocuments(world: World, circle: number, failures: string[]): Promise<void> {
  const live = world.live(circle);
  const gone = erasedForGood(world, circle);
  for (const device of live) {
    const { fold } = world.seatOf(device, circle)!.circle;
    const named = new Set(
      fold.recordsOfType('document', { withRemoved: true }).map(({ fields }) => fields.get('document')?.value),
    );
    for (const { hash, text, version } of gone) {
      if (hasFile(device, hash)) failures.push(`circle ${circle}: ${device.name} has the erased original ${text}`);
      if (named.has(hash)) failures.push(`circle ${circle}: for ${device.name}, ${text} still is a document`);
      if (fold.version(version)?.erased === false)
        failures.push(`circle ${circle}: ${device.name} has not erased the document ${text}`);
    }
    for (const { hash, text, required, by } of world.model.originals.filter((each) => each.circle === circle)) {
      if (required && live.includes(by) && !named.has(hash))
        failures.push(`circle ${circle}: for ${device.name}, ${text} is no document`);
      if (!named.has(hash) || hasFile(device, hash)) continue;
      if (required || live.some((each) => hasFile(each, hash)))
        failures.push(`circle ${circle}: ${device.name} lacks the original ${text}`);
    }
  }
  await checkPlaces(world, circle, gone, failures);
}

/** Nothing of them under a name that somebody who exchanges there could work out, and no copy that such a one can open. */
async function checkPlaces(world: World, circle: number, gone: readonly Original[], failures: string[]): Promise<void> {
  const { id, places } = world.circles[circle]!;
  const texts = new Set(gone.map(({ text }) => text));
  for (const place of gone.length > 0 ? places : []) {
    const keys = new Map<number, Uint8Array>();
    for (const device of world.live(circle)) {
      const { circle: opened, channels } = world.seatOf(device, circle)!;
      if (!channels.some((channel) => channel.place === place)) continue;
      for (const epoch of opened.keys.epochs()) keys.set(epoch, opened.keys.ofEpoch(epoch)!);
    }
    const names = new Map<string, string>();
    for (const { hash, text } of gone)
      for (const key of keys.values()) names.set(blobNameFor(new Uint8Array(Buffer.from(hash, 'hex')), key), text);
    const opener = { ...world.workshop.engine, circle: id, keyOf: (epoch: number) => keys.get(epoch) };
    for (const name of (await place.files.names()).filter((each) => each.startsWith('blobs/'))) {
      const object = openObject(await place.files.read(name), name, opener);
      const inside = object.ok ? (new TextDecoder('latin1').decode(object.body).match(valuePattern)?.[0] ?? '') : '';
      const text = names.get(name) ?? (texts.has(inside) ? inside : null);
      if (text !== null)
        failures.push(`circle ${circle}: the erased original ${text} stands at ${place.name}, ${name}`);
    }
  }
}
