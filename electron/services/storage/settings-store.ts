/**
 * The settings of a person at one machine, behind a port: the desktop shell keeps them with electron-store, loopback and
 * command line in the file implemented here. Settings are a convenience: a file that cannot be read is set aside and
 * the defaults apply.
 */
import { settings as settingsSchema, type Settings } from '../../../shared/contract/profile.ts';
import { atomicWriteJson } from './atomic-write.ts';
import { nodeFileSystem, readIfSound, writing, type FileSystemPort } from './file-system.ts';

export interface SettingsStore {
  get(): Settings;
  /** Durable before it resolves with all settings. */
  set(change: Partial<Settings>): Promise<Settings>;
  /** Called after every change; the returned function stops that. */
  onChanged(listener: (settings: Settings) => void): () => void;
}

export const defaultSettings: Settings = {
  theme: 'system',
  language: 'en',
  textSize: 1,
  defaultCircle: null,
  listPaneWidth: 280,
  marginPaneWidth: 340,
  askAboveBytes: null,
};

/** Settings from outside, key by key: what is missing or not valid (an older or newer version wrote it) is the default. */
export function readSettings(value: unknown): Settings {
  const given = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const read: Record<string, unknown> = { ...defaultSettings };
  for (const [key, schema] of Object.entries(settingsSchema.shape)) {
    const parsed = schema.safeParse(given[key]);
    if (parsed.success) read[key] = parsed.data;
  }
  return read as Settings;
}

/** A store over what is there at the beginning and a way to write all settings. */
export function createSettingsStore(initial: Settings, write: (settings: Settings) => Promise<void>): SettingsStore {
  let current = initial;
  const listeners = new Set<(settings: Settings) => void>();
  let work: Promise<unknown> = Promise.resolve();
  return {
    get: () => current,
    set(change) {
      const done = work.then(async () => {
        const next = { ...current, ...change };
        await write(next);
        current = next;
        for (const listener of listeners) listener(next);
        return next;
      });
      work = done.catch(() => undefined);
      return done;
    },
    onChanged(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Settings in the file `path`. `set` fails with `disk-full` or `storage-unwritable`. */
export async function openSettingsFile(
  path: string,
  fileSystem: FileSystemPort = nodeFileSystem,
): Promise<SettingsStore> {
  const bytes = await readIfSound(fileSystem, path);
  let value: unknown = {};
  if (bytes !== null) {
    try {
      if (bytes === 'damaged') throw new TypeError('not sealed by this profile');
      value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      await writing(path, () => fileSystem.rename(path, `${path}.damaged`));
    }
  }
  return createSettingsStore(readSettings(value), (all) => atomicWriteJson(path, all, { fileSystem }));
}
