/** `profile.json`: who sits at this profile. It is there once the profile is set up. */
import { join } from 'node:path';
import { language } from '../../../shared/contract/common.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { z } from '../../../shared/contract/schema.ts';
import { atomicWriteJson } from '../storage/atomic-write.ts';
import { readIfThere, type FileSystemPort } from '../storage/file-system.ts';

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
  const bytes = await readIfThere(fileSystem, path);
  if (bytes === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw damaged(path, cause);
  }
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > profileFormat) {
    const message = `The profile ${folder} was written by a newer version of the workbench. Nothing was changed; open it with that version.`;
    throw new WorkbenchError('profile-from-newer-version', message, { path, format });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw damaged(path, parsed.error);
  const { format: _format, ...file } = parsed.data;
  return file;
}

function damaged(path: string, cause: unknown): WorkbenchError {
  const message = `${path} is damaged. Logs and documents are untouched; restore this file from a backup of the profile.`;
  return new WorkbenchError('storage-damaged', message, { path }, { cause });
}

export async function writeProfileFile(folder: string, file: ProfileFile, fileSystem: FileSystemPort): Promise<void> {
  await atomicWriteJson(join(folder, 'profile.json'), { format: profileFormat, ...file }, { fileSystem });
}
