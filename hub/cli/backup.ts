/**
 * A whole hub in one file: lines of JSON, after each object its bytes, at the end a checksum over everything. The same for
 * both databases, so it is also the way from the embedded one to PostgreSQL. HB50 and HB51 of SPEC.md.
 */
import { createHash } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import type { CircleId } from '../../shared/ids.ts';
import type {
  ArchivedInvitation,
  CircleAccount,
  DeviceAccount,
  NewObject,
  ObjectFacts,
  Storage,
} from '../storage/storage.ts';

export const backupFormat = 1;

type Line =
  | { readonly kind: 'hub-backup'; readonly format: number; readonly version: string; readonly at: number }
  | { readonly kind: 'circle'; readonly circle: CircleAccount }
  | { readonly kind: 'device'; readonly circle: CircleId; readonly device: DeviceAccount }
  | { readonly kind: 'invitation'; readonly invitation: ArchivedInvitation }
  /** `size` bytes and a line end follow. */
  | { readonly kind: 'object'; readonly circle: CircleId; readonly object: ObjectFacts }
  | { readonly kind: 'end'; readonly objects: number; readonly sha256: string };

export class BackupError extends Error {}

export interface BackupCounts {
  readonly circles: number;
  readonly objects: number;
  readonly bytes: number;
}

const page = 1000;
/** Objects come and go while a backup is made; rounds after the first are for what came meanwhile. */
const mostRounds = 20;

/** Written beside `file` and renamed when it is whole. */
export async function writeBackup(storage: Storage, file: string, version: string, at: number): Promise<BackupCounts> {
  const temporary = `${file}.part`;
  const handle = await open(temporary, 'w', 0o600);
  const hash = createHash('sha256');
  const counts = { circles: 0, objects: 0, bytes: 0 };

  async function write(bytes: Uint8Array): Promise<void> {
    hash.update(bytes);
    await handle.write(bytes);
  }
  const writeLine = (line: Line): Promise<void> => write(Buffer.from(`${JSON.stringify(line)}\n`));

  /** True when anything was there that was not written before. */
  async function writeObjects(circle: CircleId, written: Set<string>): Promise<boolean> {
    let isNew = false;
    for (let after = ''; ;) {
      const listed = await storage.objects.list(circle, '', after, page);
      for (const object of listed) {
        if (written.has(object.name)) continue;
        const part = await storage.objects.read(circle, object.name, 0, object.sizeBytes);
        // Removed since it was listed: whoever removed it had put what takes its place.
        if (part?.bytes.length !== object.sizeBytes) continue;
        await writeLine({ kind: 'object', circle, object });
        await write(part.bytes);
        await write(Buffer.from('\n'));
        written.add(object.name);
        counts.objects += 1;
        counts.bytes += object.sizeBytes;
        isNew = true;
      }
      if (listed.length < page) return isNew;
      after = listed.at(-1)!.name;
    }
  }

  try {
    await writeLine({ kind: 'hub-backup', format: backupFormat, version, at });
    for (const circle of await storage.circles.circles()) {
      counts.circles += 1;
      await writeLine({ kind: 'circle', circle });
      for (const device of await storage.devices.devices(circle.id)) {
        await writeLine({ kind: 'device', circle: circle.id, device });
      }
      const written = new Set<string>();
      let rounds = 0;
      while ((await writeObjects(circle.id, written)) && rounds < mostRounds) rounds += 1;
    }
    for (const invitation of await storage.archive.invitations()) await writeLine({ kind: 'invitation', invitation });
    const end: Line = { kind: 'end', objects: counts.objects, sha256: hash.copy().digest('hex') };
    await writeLine(end);
    await handle.sync();
    await handle.close();
    await rename(temporary, file);
    return counts;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Looks through the whole file before anything is written. Throws BackupError, and then nothing was changed. */
export async function restoreBackup(storage: Storage, file: string): Promise<BackupCounts> {
  const there = (await storage.circles.circles()).length;
  if (there > 0) {
    throw new BackupError(
      `This hub holds ${there} circles already. Restore a backup into an empty one; nothing was changed.`,
    );
  }
  await readBackup(file, async () => undefined);
  const counts = { circles: 0, objects: 0, bytes: 0 };
  await readBackup(file, async (line, bytes) => {
    if (line.kind === 'circle') {
      counts.circles += 1;
      await storage.archive.restoreCircle(line.circle);
    } else if (line.kind === 'device') await storage.archive.restoreDevice(line.circle, line.device);
    else if (line.kind === 'invitation') await storage.archive.restoreInvitation(line.invitation);
    else if (line.kind === 'object') {
      const { name, signer, carrier } = line.object;
      const object: NewObject = { circle: line.circle, name, signer, carrier, bytes, at: Date.now() };
      await storage.archive.restoreObject(object);
      counts.objects += 1;
      counts.bytes += bytes.length;
    }
  });
  return counts;
}

async function readBackup(file: string, take: (line: Line, bytes: Uint8Array) => Promise<void>): Promise<void> {
  const handle = await open(file, 'r');
  try {
    const reader = createReader(handle);
    const damaged = new BackupError(`${file} is damaged or incomplete. Nothing was restored; take another copy of it.`);
    const hash = createHash('sha256');
    let objects = 0;
    for (let isFirst = true; ; isFirst = false) {
      const before = hash.copy();
      const text = await reader.line();
      if (text === null) throw isFirst ? notABackup(file) : damaged;
      hash.update(text);
      let line: Line;
      try {
        line = JSON.parse(text.toString('utf8')) as Line;
      } catch {
        throw isFirst ? notABackup(file) : damaged;
      }
      if (isFirst) {
        if (line.kind !== 'hub-backup') throw notABackup(file);
        if (line.format > backupFormat) throw new BackupError(`${file} is of a newer hub. Nothing was restored.`);
        continue;
      }
      if (line.kind === 'end') {
        if (line.sha256 !== before.digest('hex') || line.objects !== objects || (await reader.line()) !== null)
          throw damaged;
        return;
      }
      let bytes: Uint8Array = new Uint8Array();
      if (line.kind === 'object') {
        const content = await reader.bytes(line.object.sizeBytes + 1);
        if (content === null) throw damaged;
        hash.update(content);
        bytes = content.subarray(0, -1);
        objects += 1;
      }
      await take(line, bytes);
    }
  } finally {
    await handle.close();
  }
}

function notABackup(file: string): BackupError {
  return new BackupError(`${file} is not a backup of a hub. Nothing was restored.`);
}

const chunkBytes = 1 << 20;
const longestLineBytes = 1 << 20;

function createReader(handle: FileHandle) {
  let rest: Buffer = Buffer.alloc(0);
  async function more(): Promise<boolean> {
    const chunk = Buffer.alloc(chunkBytes);
    const { bytesRead } = await handle.read(chunk, 0, chunkBytes);
    rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    return bytesRead > 0;
  }
  async function bytes(count: number): Promise<Buffer | null> {
    while (rest.length < count) if (!(await more())) return null;
    const taken = rest.subarray(0, count);
    rest = rest.subarray(count);
    return taken;
  }
  return {
    bytes,
    /** With its end; null at the end of the file, or where no line ends. */
    async line(): Promise<Buffer | null> {
      for (let from = 0; ;) {
        const end = rest.indexOf(10, from);
        if (end >= 0) return bytes(end + 1);
        from = rest.length;
        if (from > longestLineBytes || !(await more())) return null;
      }
    },
  };
}
