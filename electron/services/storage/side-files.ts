/**
 * Files beside a log or journal: the torn end of one, damaged parts of one that was written anew, one that an interrupted
 * making left. Nothing reads them again; they are there for somebody who knows how, and may hold anything the log held.
 */
import { basename, dirname, join } from 'node:path';
import { writing, type FileSystemPort } from './file-system.ts';
import type { Finding } from './frame-format.ts';

const ending = /^\.(torn|damaged|left)-/;

async function sideFiles(path: string, fileSystem: FileSystemPort): Promise<readonly string[]> {
  const own = basename(path);
  const names = await fileSystem.list(dirname(path));
  return names.filter((name) => name.startsWith(own) && ending.test(name.slice(own.length)));
}

/** Whoever had something erased must not find it there. Fails with `storage-unwritable`. */
export async function removeSideFiles(path: string, fileSystem: FileSystemPort): Promise<void> {
  const names = await sideFiles(path, fileSystem);
  if (names.length === 0) return;
  await writing(path, async () => {
    for (const name of names) await fileSystem.remove(join(dirname(path), name));
    await fileSystem.syncFolder(dirname(path));
  });
}

/** That they are there, for who checks a profile. */
export async function sideFileFindings(path: string, fileSystem: FileSystemPort): Promise<readonly Finding[]> {
  return (await sideFiles(path, fileSystem)).map((name) => {
    const file = join(dirname(path), name);
    const message = `${file} holds parts of ${basename(path)} that could not be read and were moved aside. Nothing uses it; remove it when you do not need it.`;
    return { file, place: 'file', code: 'moved-aside', message };
  });
}
