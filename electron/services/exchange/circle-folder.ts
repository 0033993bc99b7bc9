/**
 * Where in a folder that a person chose a circle lives: right in it when it is empty or holds the circle already,
 * otherwise in a subfolder of its own, so that nobody's files are mixed up with objects. The subfolder's name says
 * nothing about the circle, for whoever owns the folder reads it.
 */
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { base32, type CircleId } from '../../../shared/ids.ts';
import { decodeCircleObject, type CircleObject } from '../../../shared/sync/circle-object.ts';
import { circleObjectName } from '../../../shared/sync/object-name.ts';
import { createFolderRemoteStore, isLitter } from './folder-remote-store.ts';

type Random = (lengthBytes: number) => Uint8Array;

const subfolderPattern = /^workbench-[a-z2-7]{8}$/;

type Look =
  | { readonly kind: 'empty' }
  | { readonly kind: 'clutter' }
  | { readonly kind: 'circle'; readonly content: CircleObject }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'newer' };

async function lookAt(folder: string, random: Random): Promise<Look> {
  const bytes = await createFolderRemoteStore({ folder, owner: 'look', random }).get(circleObjectName);
  if (bytes) {
    const decoded = decodeCircleObject(bytes);
    if (decoded.ok) return { kind: 'circle', content: decoded.content };
    return { kind: decoded.problem.code === 'newer-format' ? 'newer' : 'damaged' };
  }
  const entries = await readdir(folder);
  if (entries.includes('heads') && entries.includes('segments')) return { kind: 'damaged' };
  return { kind: entries.every(isLitter) ? 'empty' : 'clutter' };
}

async function assertFolder(folder: string): Promise<void> {
  const info = await stat(folder).catch(() => null);
  if (info?.isDirectory()) return;
  const message = info
    ? `${folder} is a file, not a folder. Choose the folder that the circle is to be exchanged through.`
    : `${folder} cannot be reached. Connect the disk or share it is on, or choose another folder.`;
  throw new WorkbenchError(info ? 'invalid-input' : 'folder-unreachable', message, { folder });
}

/** The places in a folder where a circle may be: itself, and its direct subfolders. */
async function candidates(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const inside = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  // Our own subfolders first: a share may have thousands of others.
  inside.sort((a, b) => Number(subfolderPattern.test(b.name)) - Number(subfolderPattern.test(a.name)));
  return [folder, ...inside.slice(0, 200).map((entry) => join(folder, entry.name))];
}

/**
 * The place in `folder` where `circle` lives, or null. What else was found is in `other`: a circle, one of a newer
 * format, or one whose object `circle` is damaged.
 */
export async function findCircle(
  folder: string,
  circle: CircleId,
  random: Random,
): Promise<{ readonly place: string | null; readonly other: 'circle' | 'newer' | 'damaged' | null }> {
  await assertFolder(folder);
  let other: 'circle' | 'newer' | 'damaged' | null = null;
  for (const place of await candidates(folder)) {
    const look = await lookAt(place, random).catch((error: unknown): Look => {
      // A subfolder that may not be read is none of ours.
      if (place === folder) throw error;
      return { kind: 'clutter' };
    });
    if (look.kind === 'circle' && look.content.circle === circle) return { place, other: null };
    if (look.kind === 'circle' || look.kind === 'newer' || look.kind === 'damaged') other ??= look.kind;
    if (look.kind === 'damaged') return { place, other: 'damaged' };
  }
  return { place: null, other };
}

/** Like `findCircle`, with an error that says what is there instead. */
export async function requireCircle(folder: string, circle: CircleId, name: string, random: Random): Promise<string> {
  const { place, other } = await findCircle(folder, circle, random);
  if (place !== null) return place;
  if (other === 'newer') {
    const message = `${folder} was written by a newer version of the program. Nothing was changed; update this one.`;
    throw new WorkbenchError('object-newer-format', message, { folder });
  }
  if (other === 'circle') {
    const message = `${folder} belongs to another circle than ${name}. Nothing was changed; choose the folder that ${name} is exchanged through.`;
    throw new WorkbenchError('folder-other-circle', message, { folder });
  }
  const message = `${folder} does not hold the circle ${name}. Nothing was changed; choose the folder it is exchanged through, or wait until your sync tool has fetched it.`;
  throw new WorkbenchError('folder-not-a-circle', message, { folder });
}

/** Writes a file in `place`, making it where it is not `folder` itself, and removes it. */
async function tryOut(folder: string, place: string, random: Random): Promise<void> {
  const probe = join(place, `.put-probe-${base32(random(5))}`);
  try {
    if (place !== folder) await mkdir(place);
    await writeFile(probe, 'x');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (place !== folder) await rm(place, { recursive: true, force: true });
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new WorkbenchError('disk-full', `There is no room left in ${folder}.`, { folder }, { cause: error });
    }
    const message = `Nothing can be written in ${folder} (${code}). Ask for the right to write there, or choose another folder.`;
    throw new WorkbenchError('destination-not-writable', message, { folder }, { cause: error });
  } finally {
    await rm(probe, { force: true });
  }
}

/**
 * A place for a new circle in `folder`, made and tried out by writing. Fails with `folder-other-circle`,
 * `folder-unreachable`, `destination-not-writable` or `disk-full`; then nothing was left there.
 */
export async function makePlace(folder: string, random: Random): Promise<string> {
  await assertFolder(folder);
  const look = await lookAt(folder, random);
  if (look.kind === 'circle' || look.kind === 'newer' || look.kind === 'damaged') {
    const message = `${folder} holds another circle already. Nothing was changed; choose another folder, or join that circle with an invitation.`;
    throw new WorkbenchError('folder-other-circle', message, { folder });
  }
  const place = look.kind === 'empty' ? folder : join(folder, `workbench-${base32(random(5))}`);
  await tryOut(folder, place, random);
  return place;
}

/** What is in a folder, and whether it can be written. Leaves nothing there. */
export async function lookInto(
  folder: string,
  circle: CircleId | null,
  random: Random,
): Promise<{ readonly place: string; readonly found: 'empty' | 'other-files' | 'circle' | 'this-circle' }> {
  if (circle !== null) {
    const { place } = await findCircle(folder, circle, random);
    if (place !== null) return { place, found: 'this-circle' };
  }
  await assertFolder(folder);
  const look = await lookAt(folder, random);
  if (look.kind !== 'empty' && look.kind !== 'clutter') return { place: folder, found: 'circle' };
  await tryOut(folder, folder, random);
  return { place: folder, found: look.kind === 'empty' ? 'empty' : 'other-files' };
}
