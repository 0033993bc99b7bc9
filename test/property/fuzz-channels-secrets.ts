/**
 * Who can read what, at the end of a seed of the fuzz over all channels: every object that was ever put anywhere is tried
 * with every key that those who must not read it ever had; and no file and no object still holds what was erased. Objects
 * are taken apart here by shared/sync/SPEC.md and not by the program's own reader.
 */
import { createHmac } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openObject, readHeader } from '../../shared/sync/object-format.ts';
import type { Device } from './fuzz-channels-devices.ts';
import { erasedForGood } from './fuzz-channels-documents.ts';
import { valuePattern, type Written } from './fuzz-channels-model.ts';
import { isOwnName } from './fuzz-channels-places.ts';
import type { World } from './fuzz-channels-world.ts';

const headerBytes: Readonly<Record<number, number>> = { 1: 79, 2: 79, 3: 79, 4: 35, 8: 96 };
const nonceBytes = 24;

const sealingKeys = new Map<string, Uint8Array>();
function sealingKeyOf(key: Uint8Array): Uint8Array {
  const hex = Buffer.from(key).toString('hex');
  let made = sealingKeys.get(hex);
  if (!made) {
    made = new Uint8Array(createHmac('sha256', key).update('delegate-workbench/1 seal').digest());
    sealingKeys.set(hex, made);
  }
  return made;
}

/** Whether a key opens an object, whatever the object says of its circle and epoch (SY6, SY7, SY10). */
function opensWith(world: World, bytes: Uint8Array, key: Uint8Array): boolean {
  const length = headerBytes[bytes[5] ?? 0];
  if (length === undefined) return false;
  const header = bytes.subarray(0, length);
  const nonce = bytes.subarray(length, length + nonceBytes);
  const sealedBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(27);
  const sealed = bytes.subarray(length + nonceBytes, length + nonceBytes + sealedBytes);
  return world.workshop.engine.crypto.open(sealed, header, nonce, sealingKeyOf(key)) !== null;
}

function distinct(keys: Iterable<Uint8Array>): Uint8Array[] {
  return [...new Map([...keys].map((key) => [Buffer.from(key).toString('hex'), key])).values()];
}

/** The key of an epoch, whoever ever had it. */
export function anyKey(world: World, circle: string, epoch: number): Uint8Array | undefined {
  for (const { ring } of world.devices) {
    const key = ring.get(`${circle} ${epoch}`);
    if (key) return key;
  }
  return undefined;
}

/** The values that stand in an object, for whoever has all keys; null where it does not open. */
function valuesIn(world: World, circle: string, name: string, bytes: Uint8Array): Set<string> | null {
  const keyOf = (epoch: number): Uint8Array | undefined => anyKey(world, circle, epoch);
  const opened = openObject(bytes, name, { ...world.workshop.engine, circle: circle as never, keyOf });
  if (!opened.ok) return null;
  return new Set(new TextDecoder('latin1').decode(opened.body).match(valuePattern));
}

function facts(world: World): Map<string, { readonly circle: number; readonly written: Written | null }> {
  const known = new Map<string, { readonly circle: number; readonly written: Written | null }>();
  for (const each of world.model.written) known.set(each.value, { circle: each.circle, written: each });
  for (const { text, circle } of world.model.originals) known.set(text, { circle, written: null });
  return known;
}

export function checkSecrets(world: World, failures: string[]): void {
  const { model, devices, circles } = world;
  const known = facts(world);
  for (const { number, id } of circles) {
    const outsiders = devices.filter((each) => !model.members[number]!.has(each) && !each.replicas.has(id));
    const foreign = distinct(outsiders.flatMap(({ ring }) => [...ring.values()]));
    let unread = 0;
    for (const [key, contents] of world.seen) {
      const [circle, name] = key.split(' ') as [string, string];
      if (circle !== id || name === 'circle') continue;
      for (const bytes of contents) {
        const inside = valuesIn(world, id, name, bytes);
        if (inside === null) unread += 1;
        if (new TextDecoder('latin1').decode(bytes).match(valuePattern)) failures.push(`${name} is not sealed`);
        if (foreign.some((each) => opensWith(world, bytes, each)))
          failures.push(`${name} opens outside circle ${number}`);
        const removed = new Set<Device>();
        for (const value of inside ?? []) {
          const fact = known.get(value);
          if (fact && fact.circle !== number)
            failures.push(`${value} of circle ${fact.circle} stands in circle ${number}`);
          for (const device of fact?.written?.hiddenFrom ?? []) if (world.isOut(device, number)) removed.add(device);
        }
        for (const device of removed) {
          if ([...device.ring.values()].some((each) => opensWith(world, bytes, each)))
            failures.push(`the removed ${device.name} reads ${name}`);
        }
      }
    }
    if (unread > 0) failures.push(`circle ${number}: ${unread} objects open with no key that anybody has`);
    for (const epoch of world.epochs.filter((each) => each.circle === number)) {
      for (const device of epoch.without) {
        if (!world.isOut(device, number)) continue;
        if (device.ring.has(`${id} ${epoch.epoch}`)) failures.push(`the removed ${device.name} has a key without it`);
      }
    }
  }
  for (const device of devices) {
    for (const [path, bytes] of device.disk.contents()) {
      for (const value of new Set(new TextDecoder('latin1').decode(bytes).match(valuePattern))) {
        const circle = known.get(value)?.circle;
        if (circle !== undefined && !device.replicas.has(circles[circle]!.id))
          failures.push(`${device.name} has ${value} of circle ${circle} in ${path}`);
      }
    }
  }
}

/** Values whose erasure was ordered by a device that takes part, and whose order was not lost. */
export async function checkErased(world: World, failures: string[]): Promise<void> {
  const { model, circles } = world;
  for (const { number, id, places } of circles) {
    const live = world.live(number);
    const gone = new Set(
      model.written
        .filter(({ circle, erasedBy }) =>
          model.erasures.some(
            (each) => circle === number && each.record === erasedBy && each.required && live.includes(each.by),
          ),
        )
        .map(({ value }) => value),
    );
    for (const { text } of erasedForGood(world, number)) gone.add(text);
    if (gone.size === 0) continue;
    const look = (text: string, where: string): void => {
      for (const value of new Set(text.match(valuePattern)))
        if (gone.has(value)) failures.push(`${value} was erased and stands in ${where}`);
    };
    for (const device of live) {
      for (const [path, bytes] of device.disk.contents())
        look(new TextDecoder('latin1').decode(bytes), `${device.name} ${path}`);
      look(JSON.stringify([...device.memory]), `the memory of ${device.name}`);
      const outbox = join(device.outbox, id);
      for (const name of await readdir(outbox, { recursive: true }).catch(() => [] as string[])) {
        const bytes = await readFile(join(outbox, name)).catch(() => null);
        if (bytes)
          look([...(valuesIn(world, id, name, new Uint8Array(bytes)) ?? [])].join(' '), `the outbox of ${device.name}`);
      }
    }
    // What others put of their own accord, or a sync tool renamed, is theirs; these are told that it may be there. A name
    // whose key went with a disk is that of a device that never comes back (SY91).
    const signers = live.flatMap((each) => world.seatOf(each, number)!.circle.signers());
    const ours = new Set(signers.map(({ replica }) => replica));
    for (const place of places) {
      const link = { away: false, hidden: new Set<string>(), cutAfter: null };
      const { circle } = world.seatOf(live[0]!, number)!;
      const { store } = place.open(circle, link, world.workshop.portsOf(live[0]!), '');
      for (const prefix of ['segments/', 'blobs/'] as const) {
        for (const { name } of await store.list(prefix)) {
          const bytes = isOwnName(name) ? await store.get(name) : null;
          const header = bytes && readHeader(bytes, world.workshop.engine.crypto);
          if (!bytes || !header?.ok || header.header.replica === null || !ours.has(header.header.replica)) continue;
          look([...(valuesIn(world, id, name, bytes) ?? [])].join(' '), `${name} at ${place.name}`);
        }
      }
    }
  }
}
