/**
 * What a profile knows of a circle that no log can tell again: which replica it is there, and where it exchanges.
 * `circles/<id>/circle.json`, written atomically; keys are in the secret store.
 */
import { join } from 'node:path';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { z } from '../../../shared/contract/schema.ts';
import type { ChangeHash, CircleId, RecordId, ReplicaId } from '../../../shared/ids.ts';
import { circleIdOf, isChangeHash, isCircleId, isRecordId, isReplicaId } from '../../../shared/records/change.ts';
import { atomicWriteJson } from '../storage/atomic-write.ts';
import { nodeFileSystem, type FileSystemPort } from '../storage/file-system.ts';
import { readFormatFile } from '../storage/format-file.ts';

export const circleFileFormat = 2;
/** Format 1 knew one place, `remote`, instead of `channels`. */
const firstFormat = 1;
/** What the one channel of a circle of format 1 is called; what was remembered of its exchange lies under the circle's id alone. */
export const firstChannelId = 'first';

/** Where the circle exchanges; but for id and kind its form is the exchange's affair. */
const channel = z.looseObject({ id: z.string(), kind: z.string() });
export type StoredChannel = z.output<typeof channel>;

const replicaId = z.custom<ReplicaId>(isReplicaId);
const recordId = z.custom<RecordId>(isRecordId);

const common = {
  id: z.custom<CircleId>(isCircleId),
  personal: z.boolean(),
  /** The circle's root record, where this profile founded it. */
  root: recordId.nullable(),
  /** Shown until the root record has arrived. */
  name: z.string(),
  /** The epoch with whose key this profile took part first. */
  epoch: z.number().int().nonnegative(),
  /** Other epochs of which this profile has the key. */
  epochs: z.array(z.number().int().positive()).optional(),
  replica: replicaId,
  /**
   * Replicas that this profile carries on, newest first, each with the last change it held. One that was `removed` from
   * the circle is not carried on: its keys are kept to read with and to put what it wrote.
   */
  earlier: z.array(
    z.object({
      replica: replicaId,
      last: z.custom<ChangeHash>(isChangeHash).nullable(),
      removed: z.literal(true).optional(),
    }),
  ),
  person: recordId,
  /** A second device of a person whose record another one made. */
  companion: z.boolean().optional(),
  /** The newest change of `replica` that a remote was given. */
  published: z.custom<ChangeHash>(isChangeHash).nullable(),
};
const schema = z.discriminatedUnion('format', [
  z.object({ ...common, format: z.literal(circleFileFormat), channels: z.array(channel), paused: z.boolean() }),
  z.object({ ...common, format: z.literal(firstFormat), remote: z.json().nullable() }),
]);

export type CircleFile = Extract<z.output<typeof schema>, { format: typeof circleFileFormat }>;

function inThisFormat(file: z.output<typeof schema>): CircleFile {
  if (file.format === circleFileFormat) return file;
  const { remote, ...rest } = file;
  const known = channel.safeParse({ ...(remote as object | null), id: firstChannelId });
  return { ...rest, format: circleFileFormat, channels: known.success ? [known.data] : [], paused: false };
}

/** Null when there is none. Fails with `storage-damaged` or `profile-from-newer-version`. */
export async function readCircleFile(
  folder: string,
  fileSystem: FileSystemPort = nodeFileSystem,
): Promise<CircleFile | null> {
  const path = join(folder, 'circle.json');
  const read = await readFormatFile({
    ...{ path, fileSystem, schema, format: circleFileFormat },
    newer: `${path} was written by a newer version of the workbench. Nothing was changed; open it with that version.`,
    damaged: (reason, cause) => damaged(path, reason, cause),
  });
  if (read === null) return null;
  const file = inThisFormat(read);
  const misfit = misfitIn(file);
  if (misfit !== null) throw damaged(path, misfit, null);
  return file;
}

/** Ids that cannot belong together: whoever went on with them would write as somebody else. */
function misfitIn({ id, root, person, replica, earlier, companion }: CircleFile): 'root' | 'person' | null {
  if (root !== null && circleIdOf(root) !== id) return 'root';
  const own = [replica, ...earlier.map((each) => each.replica)];
  return companion || own.some((each) => person.startsWith(`${each}.`)) ? null : 'person';
}

function damaged(path: string, reason: string, cause: unknown): WorkbenchError {
  const message = `${path} is damaged (${reason}). The log beside it is untouched; restore this file from a backup of the profile.`;
  return new WorkbenchError('storage-damaged', message, { path }, { cause });
}

export async function writeCircleFile(
  folder: string,
  file: CircleFile,
  fileSystem: FileSystemPort = nodeFileSystem,
): Promise<void> {
  await atomicWriteJson(join(folder, 'circle.json'), file, { fileSystem });
}
