/**
 * A file system over another one on which everything written is sealed and everything read opened. The services that are
 * given it need not know. Files of frames (`*.log`) pass as they are: their entries are sealed one by one.
 */
import { basename } from 'node:path';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { FileSystemPort, OpenFile } from '../storage/file-system.ts';
import type { ProfileSeal } from './profile-seal.ts';

export const isFrameFile = (path: string): boolean => path.endsWith('.log');

/** The name under which a temporary file of `atomicWrite` will stand. */
function lastingName(path: string): string {
  return basename(path).replace(/^\.(.+)\.\d+-\d+\.tmp$/u, '$1');
}

export function createSealedFileSystem(underneath: FileSystemPort, seal: ProfileSeal): FileSystemPort {
  return {
    ...underneath,
    underneath,
    frameSeal: seal,
    /** Fails with `storage-damaged` at a file that this profile did not seal, a plain one included. */
    async readFile(path) {
      const bytes = await underneath.readFile(path);
      if (isFrameFile(path)) return bytes;
      const opened = seal.openFile(bytes);
      if (opened !== null) return opened;
      const message = `${path} is damaged, or somebody else put it there: it was not sealed by this profile. It was left as it is; restore it from a backup.`;
      throw new WorkbenchError('storage-damaged', message, { path });
    },
    async open(path, mode, permissions) {
      const file = await underneath.open(path, mode, permissions);
      return mode === 'create' ? sealing(file, lastingName(path), seal) : file;
    },
  };
}

/** A new file takes its whole content in one write, as `atomicWrite` gives it. */
function sealing(file: OpenFile, name: string, seal: ProfileSeal): OpenFile {
  let written = false;
  return {
    ...file,
    async write(bytes, position) {
      if (written || position !== 0) {
        throw new WorkbenchError('invalid-state', `${name} is sealed as a whole and cannot be written in parts.`);
      }
      written = true;
      await file.write(seal.sealFile(name, bytes), 0);
    },
  };
}
