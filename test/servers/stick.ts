/**
 * Sticks as they are sold: an image of FAT32 or exFAT, mounted through FUSE. Where the kernel or the programs are not there,
 * or this process may not mount, the tests that want one are skipped, and the runner says so.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstThatExists } from './process.ts';

export type StickFormat = 'FAT32' | 'exFAT';

export interface Stick {
  /** Where it is mounted; an empty folder while it is out. */
  readonly folder: string;
  pullOut(): void;
  plugIn(): void;
  dispose(): Promise<void>;
}

/** Small, so that it is soon full; a file system is only called FAT32 from 65,525 clusters on. */
const sizesBytes = { FAT32: 40 * 2 ** 20, exFAT: 8 * 2 ** 20 } as const;
const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

const programs = {
  FAT32: ['/usr/sbin/mkfs.vfat', '/usr/bin/fusefat'],
  exFAT: ['/usr/sbin/mkfs.exfat', '/usr/sbin/mount.exfat-fuse'],
} as const;

/** Whether a stick of a format can be made and mounted here: tried once, with one of its own. */
export function hasSticks(format: StickFormat): boolean {
  const isHere = process.getuid?.() === 0 && existsSync('/dev/fuse');
  return isHere && programs[format].every((path) => firstThatExists([path]) !== null) && canMount(format);
}

function canMount(format: StickFormat): boolean {
  const root = run('mktemp', '-d');
  try {
    run('truncate', '-s', String(sizesBytes[format]), join(root, 'image'));
    run('mkdir', join(root, 'place'));
    makeFileSystem(format, join(root, 'image'));
    mount(format, join(root, 'image'), join(root, 'place'))();
    return true;
  } catch {
    // No loop device, no right to mount, or a kernel without FUSE: the runner lists what was skipped.
    return false;
  } finally {
    run('rm', '-rf', root);
  }
}

function makeFileSystem(format: StickFormat, image: string): void {
  if (format === 'FAT32') run(programs.FAT32[0], '-F', '32', '-s', '1', image);
  else run(programs.exFAT[0], image);
}

/** Returns what takes it out again. */
function mount(format: StickFormat, image: string, place: string): () => void {
  if (format === 'FAT32') {
    run(programs.FAT32[1], '-o', 'rw+', image, place);
    return () => void run('umount', place);
  }
  const device = run('losetup', '--find', '--show', image);
  try {
    run(programs.exFAT[1], device, place);
  } catch (error) {
    run('losetup', '--detach', device);
    throw error;
  }
  return () => {
    run('umount', place);
    run('losetup', '--detach', device);
  };
}

/** An empty stick, plugged in. */
export async function createStick(format: StickFormat): Promise<Stick> {
  const root = await mkdtemp(join(tmpdir(), 'workbench-stick-'));
  const image = join(root, 'image');
  const folder = join(root, 'place');
  await mkdir(folder);
  await writeFile(image, '');
  await truncate(image, sizesBytes[format]);
  makeFileSystem(format, image);
  let takeOut: (() => void) | null = mount(format, image, folder);
  const pullOut = (): void => {
    takeOut?.();
    takeOut = null;
  };
  return {
    folder,
    pullOut,
    plugIn() {
      takeOut ??= mount(format, image, folder);
    },
    async dispose() {
      pullOut();
      await rm(root, { recursive: true, force: true });
    },
  };
}
