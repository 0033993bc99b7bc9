/**
 * A backup: one sealed file that holds every file of a profile.
 *
 *   line      `delegate-workbench-backup <format>\n`; keeps its form in every future format
 *   4 bytes   length of the head, big endian
 *   head      JSON: the wraps of the key (as in keys.json), whether the files are those of a sealed profile
 *   24 bytes  header of libsodium's secretstream (XChaCha20-Poly1305), under the key of use `backup`
 *   messages  each: 4 bytes length, ciphertext. The first covers line and head. In turn for each file: its path and size as
 *             JSON, then its bytes in pieces; the last message is tagged as final
 *
 * A missing end is told apart from a changed byte; swapped or repeated messages do not open. Files of a sealed profile
 * stand here as they lie on the disk, sealed once more: restoring puts nothing in the clear anywhere.
 */
import sodium from 'libsodium-wrappers-sumo';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { z } from '../../../shared/contract/schema.ts';
import { keyWrap, type KeyWrap } from './profile-keys.ts';
import { keyOfUse } from './profile-seal.ts';

export interface BackupFile {
  /** Relative to the profile, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A file on its way into a backup. */
export interface BackupInput {
  /** Relative to the profile, with `/`. */
  readonly path: string;
  readonly sizeBytes: number;
  /** None longer than `pieceBytes`, together `sizeBytes`. */
  readonly pieces: AsyncIterable<Uint8Array>;
}

const backupFormat = 1;
const magic = 'delegate-workbench-backup';
/** The most that a reader keeps of a file that it has not opened yet, and a writer of one that it has not sealed. */
export const pieceBytes = 1024 * 1024;
const largestHeadBytes = 64 * 1024;

const headSchema = z.object({ profile: z.enum(['sealed', 'plain']), wraps: z.array(keyWrap).min(1) });
export type BackupHead = z.output<typeof headSchema>;

const entrySchema = z.object({
  path: z.string().regex(/^(?!.*\.\.)[A-Za-z0-9][\w.-]*(\/[\w.-]+)*$/u),
  sizeBytes: z.number(),
});

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

function lengthOf(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return length;
}

/** The bytes of a backup from its beginning on. Of the files no more than one piece is read before it is given out. */
export async function* writeBackup(request: {
  readonly head: BackupHead;
  /** What the wraps of the head wrap. */
  readonly key: Uint8Array;
  readonly files: AsyncIterable<BackupInput>;
}): AsyncGenerator<Uint8Array> {
  await sodium.ready;
  const head = encoder.encode(JSON.stringify(request.head));
  const front = Buffer.concat([encoder.encode(`${magic} ${backupFormat}\n`), lengthOf(head), head]);
  const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(keyOfUse(request.key, 'backup'));
  yield front;
  yield header;
  let covered: Uint8Array | null = front;
  function push(bytes: Uint8Array, isFinal = false): Uint8Array {
    const tag = isFinal
      ? sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
      : sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
    const sealed = sodium.crypto_secretstream_xchacha20poly1305_push(state, bytes, covered, tag);
    covered = null;
    return Buffer.concat([lengthOf(sealed), sealed]);
  }
  for await (const { path, sizeBytes, pieces } of request.files) {
    yield push(encoder.encode(JSON.stringify({ path, sizeBytes })));
    let left = sizeBytes;
    for await (const piece of pieces) {
      if (piece.length === 0 || piece.length > Math.min(left, pieceBytes)) throw new RangeError(`a piece of ${path}`);
      left -= piece.length;
      yield push(piece);
    }
    if (left > 0) throw new RangeError(`${path} ends ${left} bytes early`);
  }
  yield push(new Uint8Array(), true);
}

/** Where a backup is read from, so that it need not fit into memory. */
export interface BackupSource {
  readonly name: string;
  readonly sizeBytes: number;
  /** Exactly `lengthBytes` from `at`, which lie within the file. */
  read(at: number, lengthBytes: number): Promise<Uint8Array>;
}

/** What can be read without any key. Fails with `not-a-backup`, `backup-truncated`, `backup-newer-format`, `backup-damaged`. */
export async function readBackupHead(
  source: BackupSource,
): Promise<{ readonly head: BackupHead; readonly front: Uint8Array }> {
  const { name: file, sizeBytes } = source;
  const beginning = Buffer.from(await source.read(0, Math.min(60, sizeBytes)));
  const line = /^delegate-workbench-backup (\d+)$/u.exec(
    beginning.toString('latin1', 0, Math.max(0, beginning.indexOf(0x0a))),
  );
  if (line === null) {
    throw new WorkbenchError('not-a-backup', `${file} is not a backup of a profile. Nothing was changed.`, { file });
  }
  if (Number(line[1]) !== backupFormat) {
    const message = `${file} was written by a newer version of the workbench. Nothing was changed; restore it with that version.`;
    throw new WorkbenchError('backup-newer-format', message, { file });
  }
  const at = line[0].length + 1;
  if (sizeBytes < at + 4) throw truncated(file);
  const headBytes = Buffer.from(await source.read(at, 4)).readUInt32BE();
  if (headBytes > largestHeadBytes) throw damaged(file);
  const frontBytes = at + 4 + headBytes;
  if (sizeBytes < frontBytes) throw truncated(file);
  const front = await source.read(0, frontBytes);
  try {
    return { head: headSchema.parse(JSON.parse(decoder.decode(front.subarray(at + 4)))), front };
  } catch (cause) {
    throw damaged(file, cause);
  }
}

/**
 * Its files one after the other; only after the last of them it is known that the backup is whole, so none is used before.
 * Fails with `backup-truncated` or `backup-damaged`. `key` is what the head's wraps wrap; `passed` is called with the bytes
 * read so far.
 */
export async function* readBackup(
  source: BackupSource,
  key: Uint8Array,
  passed: (doneBytes: number) => void = () => undefined,
): AsyncGenerator<BackupFile> {
  await sodium.ready;
  const { name: file, sizeBytes: allBytes } = source;
  const { front } = await readBackupHead(source);
  let at = front.length;
  async function take(lengthBytes: number): Promise<Uint8Array> {
    if (at + lengthBytes > allBytes) throw truncated(file);
    at += lengthBytes;
    return source.read(at - lengthBytes, lengthBytes);
  }
  const header = await take(sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES);
  const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(header, keyOfUse(key, 'backup'));
  let covered: Uint8Array | null = front;
  async function pull(): Promise<{ readonly message: Uint8Array; readonly isFinal: boolean }> {
    const lengthBytes = Buffer.from(await take(4)).readUInt32BE();
    if (lengthBytes > pieceBytes + sodium.crypto_secretstream_xchacha20poly1305_ABYTES) throw damaged(file);
    const opened = sodium.crypto_secretstream_xchacha20poly1305_pull(state, await take(lengthBytes), covered) as
      { message: Uint8Array; tag: number } | false;
    if (opened === false) throw damaged(file);
    covered = null;
    passed(at);
    return { message: opened.message, isFinal: opened.tag === sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL };
  }
  for (;;) {
    const { message, isFinal } = await pull();
    if (isFinal) break;
    const { path, sizeBytes } = readEntry(message, file);
    const pieces: Uint8Array[] = [];
    for (let have = 0; have < sizeBytes;) {
      const piece = await pull();
      if (piece.isFinal || piece.message.length === 0) throw damaged(file);
      have += piece.message.length;
      pieces.push(piece.message);
    }
    yield { path, bytes: Buffer.concat(pieces) };
  }
  if (at !== allBytes) throw damaged(file);
}

function readEntry(message: Uint8Array, file: string): { path: string; sizeBytes: number } {
  try {
    return entrySchema.parse(JSON.parse(decoder.decode(message)));
  } catch (cause) {
    throw damaged(file, cause);
  }
}

function truncated(file: string): WorkbenchError {
  const message = `${file} is incomplete: its end is missing. Nothing was restored; copy it again from where it was kept.`;
  return new WorkbenchError('backup-truncated', message, { file });
}

function damaged(file: string, cause?: unknown): WorkbenchError {
  const message = `${file} is damaged: what was sealed into it does not open. Nothing was restored; copy it again from where it was kept, or take an older backup.`;
  return new WorkbenchError('backup-damaged', message, { file }, { cause });
}

/** What of a profile's wraps goes along: a key store stays on its machine. */
export function portableWraps(wraps: readonly KeyWrap[]): KeyWrap[] {
  return wraps.filter(({ kind }) => kind !== 'system');
}
