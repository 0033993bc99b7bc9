/**
 * A disk in memory that remembers only what was made durable: content by fsync of its file, names by fsync of their
 * folder. `cutPower` leaves what a real disk may leave: of every file some state between the last fsync and now, of
 * every folder the names as synced or as they are now. Stricter than most file systems, as strict as POSIX allows.
 */
import { basename, dirname } from 'node:path';
import type { FileSystemPort, OpenFile } from '../../electron/services/storage/file-system.ts';

interface Node {
  now: Uint8Array;
  durable: Uint8Array;
}

export interface PowerCutDisk {
  /**
   * The disk as a program sees it until the power is cut; then every call fails. `beforeCall` runs before each call
   * that changes something, and may cut the power there.
   */
  start(beforeCall?: () => void): FileSystemPort;
  /** Everything open is gone; `chance` (0 to below 1) decides what of the rest survives. */
  cutPower(chance: () => number): void;
}

function missing(path: string): Error {
  return Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
}

export function createPowerCutDisk(): PowerCutDisk {
  /** Folder -> name -> file, as seen by programs and as it is on the disk. */
  let now = new Map<string, Map<string, Node>>();
  let durable = new Map<string, Map<string, Node>>();
  /** How often the power was cut. */
  let cuts = 0;

  const find = (path: string): Node | undefined => now.get(dirname(path))?.get(basename(path));
  function need(path: string): Node {
    const node = find(path);
    if (node === undefined) throw missing(path);
    return node;
  }
  function folderOf(path: string): Map<string, Node> {
    const folder = now.get(dirname(path));
    if (folder === undefined) throw missing(dirname(path));
    return folder;
  }

  function openFile(node: Node, check: () => void): OpenFile {
    return {
      async write(bytes, position) {
        check();
        const next = new Uint8Array(Math.max(node.now.length, position + bytes.length));
        next.set(node.now);
        next.set(bytes, position);
        node.now = next;
      },
      async read(position, length) {
        check();
        return node.now.slice(position, position + length);
      },
      async sizeBytes() {
        return node.now.length;
      },
      async truncate(lengthBytes) {
        check();
        node.now = node.now.slice(0, lengthBytes);
      },
      async sync() {
        check();
        node.durable = node.now;
      },
      async close() {},
    };
  }

  /** Between the two: the shorter or longer of them, cut anywhere, the part not synced perhaps never written (zeros). */
  function survivor({ now: newer, durable: older }: Node, chance: () => number): Uint8Array {
    if (newer === older || chance() < 0.3) return older;
    const kept = newer.slice(0, Math.floor(chance() * (newer.length + 1)));
    const sameUntil = older.findIndex((byte, index) => newer[index] !== byte);
    const safe = sameUntil === -1 ? Math.min(older.length, newer.length) : sameUntil;
    if (kept.length < safe) return newer.slice(0, safe);
    if (chance() < 0.3) kept.fill(0, safe);
    return kept;
  }

  return {
    cutPower(chance) {
      cuts += 1;
      const left = new Map<string, Map<string, Node>>();
      for (const path of new Set([...now.keys(), ...durable.keys()])) {
        const names = (chance() < 0.5 ? now.get(path) : durable.get(path)) ?? durable.get(path);
        if (names === undefined) continue;
        const folder = new Map<string, Node>();
        for (const [name, node] of names) {
          const bytes = survivor(node, chance);
          folder.set(name, { now: bytes, durable: bytes });
        }
        left.set(path, folder);
      }
      now = left;
      durable = new Map([...left].map(([path, names]) => [path, new Map(names)]));
    },
    start: (beforeCall = () => undefined) => {
      const started = cuts;
      const check = (): void => {
        if (started === cuts) beforeCall();
        if (started !== cuts) throw Object.assign(new Error('EIO: the power is off'), { code: 'EIO' });
      };
      return {
        async open(path, mode) {
          check();
          const folder = folderOf(path);
          let node = folder.get(basename(path));
          if (mode === 'read' && node === undefined) throw missing(path);
          if (node === undefined || mode === 'create') {
            node = node ?? { now: new Uint8Array(), durable: new Uint8Array() };
            node.now = new Uint8Array();
            folder.set(basename(path), node);
          }
          return openFile(node, check);
        },
        readFile: async (path) => need(path).now,
        async rename(from, to) {
          check();
          const node = need(from);
          folderOf(from).delete(basename(from));
          folderOf(to).set(basename(to), node);
        },
        async remove(path) {
          check();
          now.get(dirname(path))?.delete(basename(path));
        },
        async makeFolder(path) {
          check();
          for (let each = path; !now.has(each); each = dirname(each)) now.set(each, new Map());
          // Folders are taken to be durable at once; that a parent must be synced is not what is tested here.
          for (const each of now.keys()) if (!durable.has(each)) durable.set(each, new Map());
        },
        async list(path) {
          const names = [...(now.get(path)?.keys() ?? [])];
          const folders = [...now.keys()].filter((each) => each !== path && dirname(each) === path);
          return [...names, ...folders.map((each) => basename(each))];
        },
        async syncFolder(path) {
          check();
          const names = now.get(path);
          if (names === undefined) throw missing(path);
          durable.set(path, new Map(names));
        },
      };
    },
  };
}
