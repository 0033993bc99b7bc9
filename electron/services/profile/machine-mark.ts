/**
 * How a profile recognises that it was copied, moved to another machine or put back from a backup: `machine.json` says
 * on which machine it was, and which files on the disk (inodes) the lock and the logs were. A folder that is only
 * renamed keeps its inodes, a copy never has them. Where nothing can be said, the answer is "copied": a new replica
 * too many costs a few hundred bytes, two devices writing as one would be a fork.
 */
import { createHash } from 'node:crypto';
import { readFile, stat, statfs } from 'node:fs/promises';
import { arch, cpus, homedir, platform } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from '../../../shared/contract/schema.ts';
import { atomicWriteJson } from '../storage/atomic-write.ts';
import { errnoOf, nodeFileSystem, readIfThere, type FileSystemPort } from '../storage/file-system.ts';

const schema = z.object({ machine: z.string(), files: z.record(z.string(), z.string()) });
type Mark = z.output<typeof schema>;

/** File systems whose inode numbers are made up anew at each mounting: msdos, exfat, fuse, cifs, smb2. */
const fleetingInodes = new Set([0x4d44, 0x2011bab0, 0x65735546, 0xff534d42, 0xfe534d42]);

/**
 * The machine, as a hash. The host name is no part of it, for it changes with the network; where the system gives no
 * id of its own (macOS, Windows), the inodes decide alone in all but unlike machines.
 */
export async function machineId(): Promise<string> {
  let id: string;
  try {
    id = (await readFile('/etc/machine-id', 'utf8')).trim();
  } catch {
    // Not Linux, or a bare container.
    id = '';
  }
  const parts = [id, platform(), arch(), cpus()[0]?.model ?? '', homedir(), String(process.getuid?.())];
  return createHash('sha256')
    .update(id === '' ? parts.join('\n') : `machine:${id}`)
    .digest('hex');
}

async function inodesOf(folder: string, names: readonly string[]): Promise<Record<string, string>> {
  if (fleetingInodes.has((await statfs(folder)).type)) return {};
  const found: Record<string, string> = {};
  for (const name of names) {
    try {
      found[name] = String((await stat(join(folder, name), { bigint: true })).ino);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
  return found;
}

export interface MarkOptions {
  readonly folder: string;
  /** Files that are never replaced while a profile is used, relative to the folder, with `/`. */
  readonly names: readonly string[];
  readonly machine: string;
  readonly fileSystem?: FileSystemPort;
}

/** Null when there is none, or none that can be read: it marks nothing and is written anew. */
async function readMark({ folder, fileSystem = nodeFileSystem }: MarkOptions): Promise<Mark | null> {
  const bytes = await readIfThere(fileSystem, join(folder, 'machine.json'));
  if (bytes === null) return null;
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return null;
  }
}

/** Whether the profile stands where `keepMark` left it. A file that the mark does not know says nothing. */
export async function isWhereItWas(options: MarkOptions): Promise<boolean> {
  const mark = await readMark(options);
  if (mark?.machine !== options.machine) return false;
  const inodes = await inodesOf(options.folder, options.names);
  return Object.entries(inodes).every(([name, inode]) => (mark.files[name] ?? inode) === inode);
}

/** Notes where the profile is. Writes only what is news, so that a profile opens while the disk is full. */
export async function keepMark(options: MarkOptions): Promise<void> {
  const mark: Mark = { machine: options.machine, files: await inodesOf(options.folder, options.names) };
  const before = await readMark(options);
  if (before !== null && isDeepStrictEqual(before, mark)) return;
  await atomicWriteJson(join(options.folder, 'machine.json'), mark, { fileSystem: options.fileSystem });
}
