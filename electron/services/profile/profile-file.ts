/** `profile.json`: who sits at this profile. It is there once the profile is set up. */
import { join } from 'node:path';
import { language } from '../../../shared/contract/common.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { z } from '../../../shared/contract/schema.ts';
import { atomicWriteJson } from '../storage/atomic-write.ts';
import type { FileSystemPort } from '../storage/file-system.ts';
import { readFormatFile } from '../storage/format-file.ts';

const profileFormat = 1;

const schema = z.object({
  format: z.literal(profileFormat),
  name: z.string(),
  delegation: z.string(),
  language,
  sampleLoaded: z.boolean(),
});
export type ProfileFile = Omit<z.output<typeof schema>, 'format'>;

/** Null when the profile is not set up. Fails with `storage-damaged` or `profile-from-newer-version`. */
export async function readProfileFile(folder: string, fileSystem: FileSystemPort): Promise<ProfileFile | null> {
  const path = join(folder, 'profile.json');
  const read = await readFormatFile({
    ...{ path, fileSystem, schema, format: profileFormat },
    newer: `The profile ${folder} was written by a newer version of the workbench. Nothing was changed; open it with that version.`,
    damaged: (_reason, cause) => damaged(path, cause),
  });
  if (read === null) return null;
  const { format: _format, ...file } = read;
  return file;
}

function damaged(path: string, cause: unknown): WorkbenchError {
  const message = `${path} is damaged. Logs and documents are untouched; restore this file from a backup of the profile.`;
  return new WorkbenchError('storage-damaged', message, { path }, { cause });
}

export async function writeProfileFile(folder: string, file: ProfileFile, fileSystem: FileSystemPort): Promise<void> {
  await atomicWriteJson(join(folder, 'profile.json'), { format: profileFormat, ...file }, { fileSystem });
}
