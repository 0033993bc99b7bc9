/**
 * The composition root: opens a profile and puts the services together. `services/` is the application itself, free of
 * Electron; a shell opens one workbench, connects its pages to it, and closes it. Several live in one process in tests:
 * nothing here is global, and clock and randomness come in from outside.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { existsSync } from 'node:fs';
import type { Services, WorkbenchClient } from '../../shared/contract/contract.ts';
import type { ProfileStatus } from '../../shared/contract/profile.ts';
import { createEventHub, type Port } from '../../shared/contract/rpc.ts';
import type { DocumentId, Json } from '../../shared/ids.ts';
import { usualPassphraseParameters, type DeriveKey, type PassphraseParameters } from '../../shared/sync/passphrase.ts';
import { createAnnotationsService } from './annotations/annotations-service.ts';
import { createDraftsService } from './drafts/drafts-service.ts';
import { loadSample } from './drafts/load-sample.ts';
import { createSealingCrypto } from './exchange/sealing.ts';
import { createCirclesService } from './exchange/circles-service.ts';
import { exportDraft } from './export/export-draft.ts';
import { createFilesService, type Dialogs } from './files/files-service.ts';
import { createGrants, type Grants } from './files/grants.ts';
import { createOpenedFiles, type OpenedFiles } from './files/opened-files.ts';
import { createImporter } from './import/importer.ts';
import { createLibrary, type DocumentFacts, type LibraryCatalogue } from './library/library.ts';
import { createLibraryService } from './library/library-service.ts';
import { createClusterRunner } from './merging/cluster-runner.ts';
import { createMergingService } from './merging/merging-service.ts';
import { openLockableWorkbench, type OpenedServices } from './lockable-workbench.ts';
import { createProfileService } from './profile/profile-service.ts';
import { openProfile } from './profile/profile.ts';
import type { UnlockSecret } from './protection/profile-keys.ts';
import { createDeriveKey } from './protection/derive-key.ts';
import { createRoomService } from './room/room-service.ts';
import { createSearchIndex, type SearchIndex } from './search/search-index.ts';
import { createSearch } from './search/search-service.ts';
import type { Catalogue } from './storage/catalogue.ts';
import { profileSocketPath, serveProfileSocket } from './storage/profile-socket.ts';
import type { SecretCipher } from './storage/secret-store.ts';
import { readAppearance, type SettingsStore } from './storage/settings-store.ts';
import { programVersion } from './locations.ts';

export interface WorkbenchOptions {
  readonly profileFolder: string;
  /** Holds `dist/` and `resources/`. */
  readonly programFolder: string;
  readonly shell: ProfileStatus['shell'];
  readonly settings?: SettingsStore;
  readonly cipher?: SecretCipher;
  readonly dialogs?: Dialogs;
  /** Exchange by itself after edits and when something new arrives, and answer other processes. Default true. */
  readonly background?: boolean;
  readonly clock?: WorkbenchClock;
  readonly random?: (lengthBytes: number) => Uint8Array;
  /** Stands for the machine; tests that copy profiles set it. */
  readonly machine?: string;
  /** What deriving a key from a passphrase costs; tests bring little. */
  readonly passphraseParameters?: PassphraseParameters;
  /** Opens a locked profile; without it a locked profile gives a workbench that answers `protection` alone. */
  readonly secret?: UnlockSecret;
}

export interface WorkbenchClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `run` after `delayMs`; the result cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

export interface Workbench {
  readonly services: Services;
  readonly grants: Grants;
  /** Hands files to the page that the system gave to open. */
  openFiles(paths: readonly string[]): void;
  /** Serves a page that connected. */
  connect(port: Port): void;
  /** A client in this process. `namesPaths` lets it name paths, as the command line does. */
  client(rights?: { readonly namesPaths?: boolean }): WorkbenchClient;
  /** Commits what is typed, closes every file and lets the profile go. */
  close(): Promise<void>;
}

/** Documents whose reading is made after the start: those one has read, then the newest. */
const documentsReadAhead = 6;

const systemClock: WorkbenchClock = {
  now: Date.now,
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** The bundled script of a worker; undefined where the program was not built, and the work is done in process. */
function workerOf(programFolder: string, name: string): URL | undefined {
  const path = join(programFolder, 'dist', 'workers', `${name}.mjs`);
  return existsSync(path) ? pathToFileURL(path) : undefined;
}

/** An index that cannot be opened is rebuildable: it is thrown away and made anew. */
async function openIndex(file: string): Promise<SearchIndex> {
  try {
    return createSearchIndex(file);
  } catch {
    await Promise.all(['', '-wal', '-shm'].map((end) => rm(`${file}${end}`, { force: true })));
    return createSearchIndex(file);
  }
}

/** The library's facts in the shape of the profile's catalogue. */
function libraryCatalogue(catalogue: Catalogue, report: (error: unknown) => void): LibraryCatalogue {
  type Kept = { facts?: DocumentFacts; sample?: boolean };
  const kept = (id: DocumentId): Kept => (catalogue.content().shelf[id]?.summary as Kept | undefined) ?? {};
  const keep = (id: DocumentId, change: Kept): void => {
    catalogue
      .update(({ shelf }) => {
        const entry = shelf[id] ?? { summary: {}, removed: false, order: Object.keys(shelf).length };
        shelf[id] = { ...entry, summary: { ...(entry.summary as Kept), ...change } as unknown as Json };
      })
      .catch(report);
  };
  return {
    facts: (id) => kept(id).facts,
    keepFacts: (id, facts) => keep(id, { facts }),
    isSample: (id) => kept(id).sample === true,
    markSample: (id) => keep(id, { sample: true }),
    position: (id) => catalogue.content().positions[id] ?? '',
    forget: (id) =>
      void catalogue
        .update(({ shelf, positions }) => {
          delete shelf[id];
          delete positions[id];
        })
        .catch(report),
    keepPosition: (id, position) =>
      void catalogue.update(({ positions }) => void (positions[id] = position)).catch(report),
  };
}

/**
 * Fails with `profile-in-use`, `profile-from-newer-version`, `storage-damaged`, `storage-unwritable`, and, where a secret
 * is given, with `passphrase-wrong` and `recovery-key-invalid`.
 */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { profileFolder, programFolder, dialogs = null, background = true } = options;
  const clock = options.clock ?? systemClock;
  const random = options.random ?? ((lengthBytes: number) => new Uint8Array(randomBytes(lengthBytes)));
  const grants = createGrants({ random, clock: clock.now });
  const opened = createOpenedFiles(grants);
  const deriveKey = createDeriveKey(workerOf(programFolder, 'derive-key-worker'));
  const workbench = await openLockableWorkbench({
    folder: profileFolder,
    grants,
    files: createFilesService({ grants, dialogs, opened }),
    filesWithPaths: createFilesService({ grants, dialogs, opened, namesPaths: true }),
    now: clock.now,
    tools: {
      crypto: await createSealingCrypto(),
      deriveKey,
      parameters: options.passphraseParameters ?? usualPassphraseParameters,
    },
    secret: options.secret,
    async appearance() {
      if (options.settings === undefined) return readAppearance(profileFolder);
      const { theme, language, textSize } = options.settings.get();
      return { theme, language, textSize };
    },
    open: (secret) => openServices(options, { clock, random, grants, opened, deriveKey, secret }),
    listen: background ? (onPort) => serveProfileSocket(profileSocketPath(profileFolder), onPort) : null,
  });
  return {
    ...workbench,
    grants,
    openFiles: opened.add,
    async close() {
      await workbench.close();
      await grants.dropAll();
    },
  };
}

/** What stays while a profile is closed and opened again. */
interface Surroundings {
  readonly clock: WorkbenchClock;
  readonly random: (lengthBytes: number) => Uint8Array;
  readonly grants: Grants;
  readonly opened: OpenedFiles;
  readonly deriveKey: DeriveKey;
  readonly secret: UnlockSecret | undefined;
}

/** Opens the profile and puts the services together. Fails as `openProfile` does. */
async function openServices(options: WorkbenchOptions, surroundings: Surroundings): Promise<OpenedServices> {
  const { profileFolder, programFolder, shell, background = true } = options;
  const { clock, random, grants, opened, deriveKey, secret } = surroundings;
  // Nobody waits for these; whoever started the shell sees them.
  const report = (error: unknown): void => console.error(error);
  const passphraseParameters = options.passphraseParameters ?? usualPassphraseParameters;

  const profile = await openProfile({
    folder: profileFolder,
    random,
    now: clock.now,
    deriveKey,
    passphraseParameters,
    ...(secret ? { secret } : {}),
    ...(options.settings ? { settings: options.settings } : {}),
    ...(options.cipher ? { cipher: options.cipher } : {}),
    ...(options.machine ? { machine: options.machine } : {}),
  });
  const { circles } = profile;
  const events = createEventHub();
  opened.announceBy(() => events.emit('files', 'opened', {}));
  const importWorker = workerOf(programFolder, 'import-worker');
  const importer = createImporter(importWorker ? { workerUrl: importWorker } : {});
  const library = createLibrary({ circles, importer, events, catalogue: libraryCatalogue(profile.catalogue, report) });
  await mkdir(join(profileFolder, 'cache'), { recursive: true });
  // The words of a sealed profile are indexed in memory at each start: an index on the disk would hold them in the clear.
  const isSealed = profile.protection.masterKey !== null;
  const index = await openIndex(isSealed ? ':memory:' : join(profileFolder, 'cache', 'search.sqlite'));
  const search = createSearch({
    index,
    library,
    circles,
    schedule: (task) => void setImmediate(task),
    onTrouble: report,
  });
  const annotations = createAnnotationsService({
    circles,
    library,
    grants,
    events,
    defaultCircle: () => profile.settings.get().defaultCircle,
  });
  const drafts = createDraftsService({
    circles,
    documents: library,
    events,
    clock,
    random,
    report,
    exportDraft,
    offerFile: async (name, bytes) => grants.forBytes(name, bytes),
  });
  await drafts.recover();
  library.onShelfChanged(() => drafts.documentsChanged());
  const known = new Set(circles.all().map(({ id }) => id));
  circles.onChanged(({ circle }) => {
    if (known.has(circle)) return;
    // A circle that was made or joined: its drafts are listened to from now on.
    known.add(circle);
    drafts.circlesChanged();
    events.emit('drafts', 'listChanged', {});
  });
  const exchange = await createCirclesService({
    openDrafts: () => drafts.openDrafts(),
    profile,
    grants,
    events,
    clock,
    random,
    report,
    background,
    deriveKey,
    passphraseParameters,
  });
  const merging = createMergingService({
    ...{ circles, drafts, annotations, library, importer, grants, events, clock, report },
    clusterRunner: createClusterRunner({ workerUrl: workerOf(programFolder, 'cluster-worker') }),
    received: exchange.received,
    samplesFolder: join(programFolder, 'resources', 'samples'),
  });
  const profileService = createProfileService({
    profile,
    events,
    version: programVersion(),
    shell,
    loadSample: (context) =>
      loadSample({ folder: join(programFolder, 'resources', 'samples'), library, annotations, drafts, context }),
  });

  const room = createRoomService({
    circles,
    library,
    grants,
    events,
    clock,
    random,
    defaultCircle: () => profile.settings.get().defaultCircle,
    createDraft: (content, circle) => drafts.createFrom(content, circle),
  });

  const services: OpenedServices['services'] = {
    profile: profileService,
    library: createLibraryService({ library, grants, index, settled: search.settled }),
    search: search.service,
    annotations,
    drafts,
    circles: exchange.service,
    companions: exchange.companions,
    merging,
    room,
  };
  let closing: Promise<void> | undefined;
  // A document opens at once when its reading is at hand; making one takes long enough to be felt.
  async function readAhead(): Promise<void> {
    await search.settled();
    const read = (id: DocumentId): number => (library.catalogue.position(id) === '' ? 0 : 1);
    const likely = library.entries().toSorted((a, b) => read(b.id) - read(a.id) || b.importedAt - a.importedAt);
    for (const { id } of likely.slice(0, documentsReadAhead)) {
      // Between two readings, whoever asks for something else is answered.
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (closing) return;
      await library.getDocument(id);
    }
  }
  if (background) readAhead().catch((error: unknown) => (closing ? undefined : report(error)));

  async function close(): Promise<void> {
    await merging.close();
    await drafts.dispose();
    await exchange.close();
    annotations.close();
    room.close();
    profileService.dispose();
    await search.settled();
    search.close();
    await importer.close();
    await profile.close();
  }

  return {
    profile,
    services,
    announceTo: (port) => events.add(port),
    close: () => (closing ??= close()),
  };
}
