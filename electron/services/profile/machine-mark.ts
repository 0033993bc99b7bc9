/**
 * How a profile recognises that it was copied, moved to another machine or put back from a backup: `machine.json` says
 * on which machine it was, and which files on the disk (inodes) the lock and the logs were. A folder that is only
 * renamed keeps its inodes, a copy never has them. Where nothing can be said, the answer is "copied": a new replica
 * too many costs a few hundred bytes, two devices writing as one would be a fork.
 */
import { createHash } from 'node:crypto';
import { readFile, stat, statfs } from 'node:fs/promises';
import { arch, cpus, homedir, platform, userInfo } from 'node:os';
import { join } from 'node:path';
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
  const parts = [id, platform(), arch(), cpus()[0]?.model ?? '', homedir(), userInfo().username];
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

/** Whether the profile stands where `writeMark` left it. A file that the mark does not know says nothing. */
export async function isWhereItWas(options: MarkOptions): Promise<boolean> {
  const bytes = await readIfThere(options.fileSystem ?? nodeFileSystem, join(options.folder, 'machine.json'));
  if (bytes === null) return false;
  let mark: Mark;
  try {
    mark = schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    // A mark that cannot be read marks nothing; it is written anew.
    return false;
  }
  if (mark.machine !== options.machine) return false;
  const inodes = await inodesOf(options.folder, options.names);
  return Object.entries(inodes).every(([name, inode]) => (mark.files[name] ?? inode) === inode);
}

export async function writeMark(options: MarkOptions): Promise<void> {
  const mark: Mark = { machine: options.machine, files: await inodesOf(options.folder, options.names) };
  await atomicWriteJson(join(options.folder, 'machine.json'), mark, { fileSystem: options.fileSystem });
}
