/**
 * Where on a server a circle lives, as circle-folder.ts says it of folders: right in the place that a person gave when it
 * is empty or holds the circle already, otherwise in a folder of its own in it. The folder's name says nothing about the
 * circle.
 */
import type { AbortSignalLike } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { base32, type CircleId } from '../../../shared/ids.ts';
import { decodeCircleObject } from '../../../shared/sync/circle-object.ts';
import { circleObjectName } from '../../../shared/sync/object-name.ts';
import type { RemoteStore } from '../../../shared/sync/remote-store.ts';
import { isLitter } from './folder-remote-store.ts';
import { shown, unsuitable } from './http-failures.ts';

export interface ServerPlaces {
  /** With a slash at its end. */
  readonly address: string;
  /** What is in the place; null when there is no such place. */
  list(signal?: AbortSignalLike): Promise<readonly { readonly name: string; readonly isFolder: boolean }[] | null>;
  /** `folder` is empty for the place itself, else `name/`. */
  store(folder: string): RemoteStore;
  makeFolder(folder: string, signal?: AbortSignalLike): Promise<void>;
  /** Writes a file and removes it. Fails as putting does. */
  tryOut(folder: string, signal?: AbortSignalLike): Promise<void>;
}

const subfolderPattern = /^workbench-[a-z2-7]{8}$/;

type Found = { readonly kind: 'circle'; readonly circle: CircleId } | { readonly kind: 'none' | 'damaged' | 'newer' };

async function circleAt(places: ServerPlaces, folder: string, signal?: AbortSignalLike): Promise<Found> {
  const bytes = await places.store(folder).get(circleObjectName, signal);
  if (!bytes) return { kind: 'none' };
  const decoded = decodeCircleObject(bytes);
  if (decoded.ok) return { kind: 'circle', circle: decoded.content.circle };
  return { kind: decoded.problem.code === 'newer-format' ? 'newer' : 'damaged' };
}

async function survey(places: ServerPlaces, circle: CircleId | null, signal?: AbortSignalLike) {
  const listed = await places.list(signal);
  if (listed === null) {
    throw unsuitable(
      places.address,
      'there is no such folder on the server. Make it there first, or check the address.',
    );
  }
  const names = listed.map(({ name }) => name);
  const isPlace = names.includes(circleObjectName) || (names.includes('heads') && names.includes('segments'));
  const folders = isPlace ? [''] : listed.filter((each) => each.isFolder && subfolderPattern.test(each.name));
  let other: Found['kind'] | null = null;
  for (const each of folders) {
    const folder = each === '' ? '' : `${(each as { readonly name: string }).name}/`;
    const found = await circleAt(places, folder, signal);
    if (found.kind === 'circle' && found.circle === circle) return { folder, other: null, isEmpty: false, isPlace };
    // A place that lost its object `circle` is still one: its heads will say whose.
    const kind = found.kind === 'none' ? 'damaged' : found.kind;
    if (kind === 'damaged' && isPlace && circle !== null) return { folder, other: kind, isEmpty: false, isPlace };
    other ??= kind;
  }
  return { folder: null, other, isEmpty: names.every(isLitter), isPlace };
}

export async function settlePlace(
  places: ServerPlaces,
  request: {
    readonly circle: { readonly id: CircleId; readonly name: string } | null;
    readonly purpose: 'join' | 'found' | 'either';
    readonly signal?: AbortSignalLike | undefined;
    readonly random: (lengthBytes: number) => Uint8Array;
  },
): Promise<{ readonly folder: string; readonly isNew: boolean }> {
  const { circle, purpose, signal, random } = request;
  const where = shown(places.address);
  const found = await survey(places, circle?.id ?? null, signal);
  if (circle !== null && purpose !== 'found' && found.folder !== null) return { folder: found.folder, isNew: false };
  const name = circle?.name ?? 'the circle';
  if (found.other === 'newer' && (purpose !== 'found' || found.isPlace)) {
    const message = `${where} was written by a newer version of the program. Nothing was changed; update this one.`;
    throw new WorkbenchError('object-newer-format', message, { folder: where });
  }
  if (found.isPlace || (purpose === 'join' && found.other !== null)) {
    const message = `${where} belongs to another circle${circle ? ` than ${name}` : ''}. Nothing was changed; give the address of another folder.`;
    throw new WorkbenchError('folder-other-circle', message, { folder: where });
  }
  if (purpose === 'join') {
    const message = `${where} does not hold the circle ${name}. Nothing was changed; give the address that it is exchanged through.`;
    throw new WorkbenchError('folder-not-a-circle', message, { folder: where });
  }
  const folder = found.isEmpty ? '' : `workbench-${base32(random(5))}/`;
  if (folder !== '') await places.makeFolder(folder, signal);
  await places.tryOut(folder, signal);
  return { folder, isNew: true };
}

export async function lookAtPlace(
  places: ServerPlaces,
  { circle, signal }: { readonly circle: CircleId | null; readonly signal?: AbortSignalLike | undefined },
): Promise<{ readonly place: string; readonly found: 'empty' | 'other-files' | 'circle' | 'this-circle' }> {
  const place = shown(places.address);
  const seen = await survey(places, circle, signal);
  await places.tryOut(seen.folder ?? '', signal);
  if (seen.folder !== null) return { place, found: 'this-circle' };
  if (seen.isPlace) return { place, found: 'circle' };
  return { place, found: seen.isEmpty ? 'empty' : 'other-files' };
}
