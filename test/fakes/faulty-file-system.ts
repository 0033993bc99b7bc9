/**
 * The real file system, on which chosen calls fail: the nth one once, or every one that would use space from the nth
 * on (a disk that is full and stays so). A failing write leaves half of its bytes, as a full disk does.
 */
import { nodeFileSystem, type FileSystemPort, type OpenFile } from '../../electron/services/storage/file-system.ts';

export interface Faults {
  readonly fileSystem: FileSystemPort;
  /** Calls that could fail, so far. */
  calls(): number;
  /** From now on call number `at` (0 = the next) fails with `errno`; with `stays`, all that need space after it too. */
  failAt(at: number, errno: string, stays?: boolean): void;
  /** No more faults. */
  heal(): void;
  /** Files open now. */
  openFiles(): number;
}

const needingSpace = new Set(['open', 'write', 'rename', 'makeFolder']);

export function createFaults(): Faults {
  let calls = 0;
  let failing = Number.POSITIVE_INFINITY;
  let errno = '';
  let stays = false;
  let open = 0;

  function isDue(call: string): boolean {
    calls += 1;
    if (calls - 1 === failing) return true;
    return stays && calls - 1 > failing && needingSpace.has(call);
  }
  function check(call: string): void {
    if (isDue(call)) throw failure(call);
  }
  const failure = (call: string): Error => Object.assign(new Error(`${errno}: injected, ${call}`), { code: errno });

  const wrap = (file: OpenFile): OpenFile => {
    open += 1;
    return {
      async write(bytes, position) {
        if (isDue('write')) {
          await file.write(bytes.subarray(0, bytes.length >> 1), position);
          throw failure('write');
        }
        await file.write(bytes, position);
      },
      read: (position, length) => file.read(position, length),
      sizeBytes: () => file.sizeBytes(),
      async truncate(lengthBytes) {
        check('truncate');
        await file.truncate(lengthBytes);
      },
      async sync() {
        check('sync');
        await file.sync();
      },
      async close() {
        open -= 1;
        await file.close();
      },
    };
  };

  return {
    calls: () => calls,
    failAt(at, code, forGood = false) {
      failing = calls + at;
      errno = code;
      stays = forGood;
    },
    heal() {
      failing = Number.POSITIVE_INFINITY;
      stays = false;
    },
    openFiles: () => open,
    fileSystem: {
      async open(path, mode, permissions) {
        if (mode !== 'read') check('open');
        return wrap(await nodeFileSystem.open(path, mode, permissions));
      },
      readFile: (path) => nodeFileSystem.readFile(path),
      async rename(from, to) {
        check('rename');
        await nodeFileSystem.rename(from, to);
      },
      async remove(path) {
        check('remove');
        await nodeFileSystem.remove(path);
      },
      async makeFolder(path) {
        check('makeFolder');
        await nodeFileSystem.makeFolder(path);
      },
      list: (path) => nodeFileSystem.list(path),
      async syncFolder(path) {
        check('syncFolder');
        await nodeFileSystem.syncFolder(path);
      },
    },
  };
}
