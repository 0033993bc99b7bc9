/**
 * Looks whether our own objects still stand on the remote as they were put. Sizes come with a listing; on a store where
 * reading costs nothing the bytes are read again too, because a folder's disk or sync tool may have changed any of them.
 */
import { openObject, type Opener } from '../../../shared/sync/object-format.ts';
import { nameOfSegment } from '../../../shared/sync/manifest.ts';
import type { Finding, PublishedState } from './exchange-state.ts';
import type { Listing, ObjectReader } from './object-reader.ts';

export interface SelfCheck {
  /** Names of own objects that are missing or not as they were put. */
  readonly damaged: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

export const mendedMessage = 'An object of this device was damaged on the remote; it is put there again.';

export function isNamedBy({ replica, head, segments }: PublishedState, name: string): boolean {
  return head === name || segments.some((segment) => nameOfSegment(replica, segment) === name);
}

/** The heads alone, from the listing that every run makes anyway; read where their size is another. */
export async function checkHeads(
  published: readonly PublishedState[],
  heads: Listing,
  reader: ObjectReader,
  opener: Opener,
): Promise<Set<string>> {
  const damaged = new Set<string>();
  for (const branch of published) {
    const { head } = branch;
    if (head === null) continue;
    const listed = heads.objects.get(head);
    if (!listed || listed.foundAs !== head) damaged.add(head);
    else if (listed.sizeBytes !== branch.headBytes) {
      if ((await problemOf(head, reader, opener)) !== null) damaged.add(head);
      // A server that tells other sizes than there are is asked once.
      else branch.headBytes = listed.sizeBytes;
    }
  }
  return damaged;
}

/** Segments and heads; with `deep`, their bytes. */
export async function checkOwnObjects(
  published: readonly PublishedState[],
  reader: ObjectReader,
  opener: Opener,
  deep: boolean,
): Promise<SelfCheck> {
  const damaged = new Set<string>();
  const findings: Finding[] = [];
  const listing = await reader.list('segments/');
  for (const branch of published) {
    const objects = branch.segments.map((segment) => ({
      name: nameOfSegment(branch.replica, segment),
      sizeBytes: segment.sizeBytes,
      listed: listing.objects,
    }));
    if (branch.head !== null) {
      const { objects: listed } = await reader.list('heads/');
      objects.push({ name: branch.head, sizeBytes: branch.headBytes, listed });
    }
    for (const { name, sizeBytes, listed } of objects) {
      const found = listed.get(name);
      let code: string | null = null;
      if (!found || found.foundAs !== name) code = 'missing';
      // Some servers tell other sizes than there are; the bytes say whether this is one of them.
      else if (found.sizeBytes !== sizeBytes || deep) code = await problemOf(name, reader, opener);
      if (code === null) continue;
      damaged.add(name);
      if (code !== 'missing') {
        findings.push({ object: name, code, message: mendedMessage });
      }
    }
  }
  return { damaged, findings };
}

async function problemOf(name: string, reader: ObjectReader, opener: Opener): Promise<string | null> {
  const bytes = await reader.bytes(name);
  if (!bytes) return 'missing';
  const opened = openObject(bytes, name, opener);
  return opened.ok ? null : opened.problem.code;
}
