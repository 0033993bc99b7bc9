/**
 * Keys of circles and replicas, in one file that only its owner may read. In the desktop shell its content is sealed
 * besides by the system's key store (Electron's `safeStorage`), which comes in as a cipher.
 */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { z } from '../../../shared/contract/schema.ts';
import { atomicWriteJson } from './atomic-write.ts';
import { nodeFileSystem, readIfThere, type FileSystemPort } from './file-system.ts';

export interface SecretStore {
  /** Null when there is none of that name. */
  get(name: string): Uint8Array | null;
  /** Durable before it resolves; all together or none. Fails with `disk-full` or `storage-unwritable`. */
  put(secrets: Readonly<Record<string, Uint8Array>>): Promise<void>;
  /** Forgets secrets: of channels that were taken away. Names that are not there are no error. */
  remove(names: readonly string[]): Promise<void>;
}

/** Both give null when the system has no key store, or refuses. */
export interface SecretCipher {
  seal(bytes: Uint8Array): Promise<Uint8Array | null>;
  open(bytes: Uint8Array): Promise<Uint8Array | null>;
}

export interface SecretFileOptions {
  readonly fileSystem?: FileSystemPort;
  readonly cipher?: SecretCipher;
  /** The file system seals already: the cipher only opens what it sealed before that. */
  readonly cipherOnlyOpens?: boolean;
}

/** `sealed` is the cipher's bytes over the JSON of `secrets`; both in base 64. */
const secretsSchema = z.record(z.string(), z.base64());
const fileSchema = z.union([
  z.object({ format: z.literal(1), secrets: secretsSchema }),
  z.object({ format: z.literal(1), sealed: z.base64() }),
]);

/**
 * The store in `path`, permissions 0600. Fails with `storage-damaged` when the file cannot be read, be it damaged or
 * sealed by another system's key store.
 */
export async function openSecretFile(path: string, options: SecretFileOptions = {}): Promise<SecretStore> {
  const fileSystem = options.fileSystem ?? nodeFileSystem;
  const bytes = await readIfThere(fileSystem, path);
  let secrets = bytes === null ? {} : await read(path, bytes, options.cipher);
  let work: Promise<void> = Promise.resolve();

  async function write(next: Readonly<Record<string, string>>): Promise<void> {
    const cipher = options.cipherOnlyOpens ? undefined : options.cipher;
    const sealed = await cipher?.seal(new TextEncoder().encode(JSON.stringify(next)));
    const content = sealed
      ? { format: 1, sealed: Buffer.from(sealed).toString('base64') }
      : { format: 1, secrets: next };
    await atomicWriteJson(path, content, { fileSystem, permissions: 0o600 });
  }

  function change(next: (before: Readonly<Record<string, string>>) => Record<string, string>): Promise<void> {
    const done = work.then(async () => {
      const changed = next(secrets);
      await write(changed);
      secrets = changed;
    });
    work = done.catch(() => undefined);
    return done;
  }
  // Otherwise the keys would go with this machine's key store, which a backup does not take along.
  if (bytes !== null && options.cipherOnlyOpens && isCipherSealed(bytes)) await write(secrets);

  return {
    get(name) {
      const value = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
      return value === undefined ? null : new Uint8Array(Buffer.from(value, 'base64'));
    },
    put: (added) =>
      change((before) => {
        const next = { ...before };
        for (const [name, value] of Object.entries(added)) next[name] = Buffer.from(value).toString('base64');
        return next;
      }),
    remove: (names) =>
      change((before) => Object.fromEntries(Object.entries(before).filter(([name]) => !names.includes(name)))),
  };
}

function isCipherSealed(bytes: Uint8Array): boolean {
  return 'sealed' in (JSON.parse(new TextDecoder().decode(bytes)) as object);
}

async function read(
  path: string,
  bytes: Uint8Array,
  cipher: SecretCipher | undefined,
): Promise<Record<string, string>> {
  const unreadable = (reason: string, cause?: unknown): WorkbenchError =>
    new WorkbenchError(
      'storage-damaged',
      `${path}, which holds this profile's keys, ${reason}. Nothing was changed; restore it from a backup of this profile.`,
      { path },
      { cause },
    );
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    const file = fileSchema.parse(JSON.parse(decoder.decode(bytes)));
    if ('secrets' in file) return file.secrets;
    const opened = (await cipher?.open(new Uint8Array(Buffer.from(file.sealed, 'base64')))) ?? null;
    if (opened === null) throw unreadable("is sealed by the desktop's key store, which cannot be asked here");
    return secretsSchema.parse(JSON.parse(decoder.decode(opened)));
  } catch (error) {
    throw error instanceof WorkbenchError ? error : unreadable('cannot be read', error);
  }
}
