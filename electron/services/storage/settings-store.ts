/**
 * The settings of a person at one machine, behind a port: the desktop shell keeps them with electron-store, loopback and
 * command line in the file implemented here. Settings are a convenience: a file that cannot be read is set aside and
 * the defaults apply.
 */
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  appearance,
  settings as settingsSchema,
  type Appearance,
  type Settings,
} from '../../../shared/contract/profile.ts';
import { atomicWriteJson } from './atomic-write.ts';
import { nodeFileSystem, readIfSound, readIfThere, writing, type FileSystemPort } from './file-system.ts';

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
  const initial = readSettings(value);
  const plain = fileSystem.underneath;
  if (plain === undefined) return createSettingsStore(initial, (all) => atomicWriteJson(path, all, { fileSystem }));
  await keepAppearance(path, initial, plain);
  return createSettingsStore(initial, async (all) => {
    await atomicWriteJson(path, all, { fileSystem });
    await keepAppearance(path, all, plain);
  });
}

const appearanceName = 'appearance.json';

/** Beside sealed settings, in the clear: how the page is to look before it is unlocked. Says nothing that a person wrote. */
async function keepAppearance(path: string, all: Settings, plain: FileSystemPort): Promise<void> {
  const folder = dirname(path);
  const { theme, language, textSize } = all;
  const next = { theme, language, textSize };
  if (isDeepStrictEqual(await readAppearance(folder, plain), next)) return;
  await atomicWriteJson(join(folder, appearanceName), next, { fileSystem: plain });
}

/** Of a sealed profile; null where nobody has opened it since it was sealed. */
export async function readAppearance(
  folder: string,
  fileSystem: FileSystemPort = nodeFileSystem,
): Promise<Appearance | null> {
  const bytes = await readIfThere(fileSystem, join(folder, appearanceName));
  if (bytes === null) return null;
  try {
    const parsed = appearance.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.data : null;
  } catch {
    // No JSON: it is written anew with the next opening, and until then the page looks as the system does.
    return null;
  }
}
