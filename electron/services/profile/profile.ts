/**
 * A profile: one person's data at one machine, in one folder that one process writes.
 *
 *   profile.json        who sits here (profile-file.ts)
 *   machine.json        where the profile was last (machine-mark.ts)
 *   profile.lock        the operating system's lock; process.json and workbench.sock: how to talk to its holder
 *   keys.json           how the key of a sealed profile is wrapped (protection/); all else but the mark is sealed then
 *   secrets.json        keys, 0600
 *   settings.json       preferences, where the shell does not keep them
 *   catalogue.json      rebuildable facts
 *   originals/          bytes of imported documents
 *   circles/<id>/       circle.json, changes.log, journal.log
 *
 * This file opens and closes all of it; what circles mean is `circles/`, how bytes reach the disk is `storage/`.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { isCircleId } from '../../../shared/records/change.ts';
import {
  usualPassphraseParameters,
  type DeriveKey,
  type PassphraseParameters,
} from '../../../shared/sync/passphrase.ts';
import type { OpenedCircle, RenewalReason } from '../circles/open-circle.ts';
import { openCircles, type OpenedCircles } from '../circles/open-circles.ts';
import { createSealingCrypto } from '../exchange/sealing.ts';
import { finishRestoring } from '../protection/backup.ts';
import { createDeriveKey } from '../protection/derive-key.ts';
import type { UnlockSecret } from '../protection/profile-keys.ts';
import { openProtection, type Protection } from '../protection/protection.ts';
import { removeTemporaryFiles } from '../storage/atomic-write.ts';
import { openCatalogue, type Catalogue } from '../storage/catalogue.ts';
import { nodeFileSystem, writing, type FileSystemPort } from '../storage/file-system.ts';
import type { Finding } from '../storage/frame-format.ts';
import { createOriginals, type Originals } from '../storage/originals.ts';
import { lockProfile, type ProfileLock } from '../storage/profile-lock.ts';
import { openSecretFile, type SecretCipher, type SecretStore } from '../storage/secret-store.ts';
import { openSettingsFile, type SettingsStore } from '../storage/settings-store.ts';
import { isWhereItWas, machineId, keepMark, type MarkOptions } from './machine-mark.ts';
import { readProfileFile, writeProfileFile, type ProfileFile } from './profile-file.ts';

/** Something that happened to the profile and that its person should know. */
export interface Notice {
  readonly code: string;
  readonly message: string;
}

export interface Profile {
  readonly folder: string;
  readonly circles: OpenedCircles;
  readonly originals: Originals;
  readonly catalogue: Catalogue;
  readonly settings: SettingsStore;
  readonly secrets: SecretStore;
  readonly protection: Protection;
  /** Null before `setUp`. */
  identity(): ProfileFile | null;
  /** Makes the person and the personal circle. Fails with `already-set-up`. */
  setUp(identity: Omit<ProfileFile, 'sampleLoaded'>): Promise<void>;
  /** As `setUp`, for a second device: `makeCircles` joins what the person takes part in, the personal circle among it. */
  setUpAs(identity: Omit<ProfileFile, 'sampleLoaded'>, makeCircles: () => Promise<void>): Promise<void>;
  /** Changes name, delegation or what is known of the sample; the first two in every circle. Fails with `not-set-up`. */
  change(change: Partial<ProfileFile>): Promise<void>;
  notices(): readonly Notice[];
  /** For what happens beside the profile's own files. */
  notify(notice: Notice): void;
  onNotice(listener: (notice: Notice) => void): () => void;
  /** Tells other processes where to talk to this one (see `profile-socket.ts`). */
  announce(address: string): Promise<void>;
  /** Reads logs, journals and originals again; nothing is changed. */
  verify(): Promise<ProfileVerification>;
  /** Runs what is to be done before closing, closes all files and lets the profile go. */
  close(): Promise<void>;
}

export interface ProfileVerification {
  readonly logs: number;
  readonly changes: number;
  readonly originals: number;
  readonly findings: readonly Finding[];
}

export interface ProfileOptions {
  readonly folder: string;
  readonly random: (lengthBytes: number) => Uint8Array;
  readonly now: () => number;
  /** Where the shell keeps settings; `settings.json` when not given. */
  readonly settings?: SettingsStore;
  readonly cipher?: SecretCipher;
  readonly fileSystem?: FileSystemPort;
  /** Stands for the machine; found out when not given. */
  readonly machine?: string;
  /** Opens a sealed profile where the system's key store does not. */
  readonly secret?: UnlockSecret;
  /** Computed in process where it is not given. */
  readonly deriveKey?: DeriveKey;
  readonly passphraseParameters?: PassphraseParameters;
}

const renewalReasons: Readonly<Record<RenewalReason, string>> = {
  'profile-copied': 'This profile was copied, moved or restored since it was last open',
  'published-change-missing': 'A change that others have is missing from this profile, as after restoring a backup',
  'two-branches': 'Two copies of this profile were written to at the same time',
};

/**
 * Opens or begins the profile in a folder. Fails with `profile-locked`, `passphrase-wrong`, `recovery-key-invalid`,
 * `profile-in-use`, `profile-from-newer-version`, `storage-damaged`,
 * `disk-full` or `storage-unwritable`; then nothing stays open.
 */
export async function openProfile(options: ProfileOptions): Promise<Profile> {
  const fileSystem = options.fileSystem ?? nodeFileSystem;
  const { folder } = options;
  // Only its owner may look into a profile.
  await writing(folder, async () => void (await mkdir(folder, { recursive: true, mode: 0o700 })));
  const lock = await lockProfile(folder, fileSystem);
  try {
    return await openLocked(options, lock, fileSystem);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openLocked(options: ProfileOptions, lock: ProfileLock, plain: FileSystemPort): Promise<Profile> {
  const { folder, random, now } = options;
  const notices: Notice[] = [];
  const listeners = new Set<(notice: Notice) => void>();
  function notify(notice: Notice): void {
    notices.push(notice);
    for (const listener of listeners) listener(notice);
  }

  await finishRestoring(folder, plain);
  await writing(folder, () => removeTemporaryFiles(folder, plain));
  const circlesFolder = join(folder, 'circles');
  await writing(circlesFolder, () => plain.makeFolder(circlesFolder));
  const machine = options.machine ?? (await machineId());

  async function mark(): Promise<MarkOptions> {
    const ids = (await plain.list(circlesFolder)).filter(isCircleId);
    const names = ['profile.lock', ...ids.map((id) => `circles/${id}/changes.log`)];
    return { folder, machine, fileSystem: plain, names };
  }

  const copied = !(await isWhereItWas(await mark()));
  const protection = await openProtection({
    folder,
    fileSystem: plain,
    crypto: await createSealingCrypto(),
    deriveKey: options.deriveKey ?? createDeriveKey(),
    parameters: options.passphraseParameters ?? usualPassphraseParameters,
    cipher: options.cipher,
    secret: options.secret,
    // A profile that was copied is to be recognised also when this is cut short.
    onReplaced: async () => (copied ? undefined : keepMark(await mark())),
  });
  const { fileSystem } = protection;
  let file = await readProfileFile(folder, fileSystem);
  const identity = (): ProfileFile => {
    if (file === null) throw notSetUp();
    return file;
  };
  const secrets = await openSecretFile(join(folder, 'secrets.json'), {
    fileSystem,
    ...(options.cipher ? { cipher: options.cipher } : {}),
    cipherOnlyOpens: protection.masterKey !== null,
  });
  const settings = options.settings ?? (await openSettingsFile(join(folder, 'settings.json'), fileSystem));
  const catalogue = await openCatalogue(join(folder, 'catalogue.json'), { fileSystem, now });
  const originals = createOriginals(join(folder, 'originals'), {
    fileSystem,
    onDamaged: ({ code, message }) => notify({ code, message }),
  });
  const circles = await openCircles({
    folder: circlesFolder,
    secrets,
    blobs: originals,
    identity,
    random,
    now,
    fileSystem,
    copied,
    onRenewed: (circle, reason) => notify(renewal(circle, reason)),
  });
  try {
    const findings = [...circles.findings, ...circles.all().flatMap((circle) => circle.findings)];
    for (const { code, message } of findings) notify({ code, message });
    // A crash between writing profile.json and making the personal circle.
    if (file !== null && !hasPersonalCircle()) await makePersonalCircle();
    if (copied) await keepMark(await mark());
    else await keepMarkIfThereIsRoom();
  } catch (error) {
    await circles.close();
    throw error;
  }

  /** An older mark is as good, save that it does not know the newest logs. */
  async function keepMarkIfThereIsRoom(): Promise<void> {
    await keepMark(await mark()).catch(() => undefined);
  }

  function hasPersonalCircle(): boolean {
    return circles.all().some((circle) => circle.personal);
  }

  async function makePersonalCircle(): Promise<void> {
    await circles.create({ name: 'Personal', personal: true });
  }

  async function write(next: ProfileFile): Promise<void> {
    await writeProfileFile(folder, next, fileSystem);
    file = next;
  }

  let closing: Promise<void> | null = null;
  async function close(): Promise<void> {
    try {
      await circles.close();
      await catalogue.close();
      await keepMarkIfThereIsRoom();
    } finally {
      listeners.clear();
      await lock.release();
    }
  }

  return {
    folder,
    circles,
    originals,
    catalogue,
    settings,
    secrets,
    protection,
    identity: () => file,
    async setUp(who) {
      if (file !== null)
        throw new WorkbenchError('already-set-up', `This profile is set up already, for ${file.name}.`);
      await write({ ...who, sampleLoaded: false });
      try {
        if (!hasPersonalCircle()) await makePersonalCircle();
      } catch (error) {
        file = null;
        // If this fails as well, the next opening makes the circle that is missing.
        await fileSystem.remove(join(folder, 'profile.json')).catch(() => undefined);
        throw error;
      }
    },
    async setUpAs(who, makeCircles) {
      if (file !== null)
        throw new WorkbenchError('already-set-up', `This profile is set up already, for ${file.name}.`);
      // Circles ask who sits here; on the disk it stands only when all of them are made.
      file = { ...who, sampleLoaded: true };
      try {
        await makeCircles();
        await write(file);
      } catch (error) {
        file = null;
        throw error;
      }
    },
    async change(change) {
      const next = { ...identity(), ...change };
      await circles.introduce(next);
      await write(next);
    },
    notices: () => notices,
    notify,
    onNotice(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    announce: (address) => lock.announce(address),
    async verify() {
      const logs = await Promise.all(circles.all().map((circle) => circle.verify()));
      const { checked, findings } = await originals.verify();
      return {
        logs: logs.length,
        changes: logs.reduce((sum, log) => sum + log.changes, 0),
        originals: checked,
        // What opening found and mended (a last change cut off) is no longer in the files; it is said all the same.
        findings: [...distinct([...circles.all(), ...logs].flatMap((log) => log.findings)), ...findings],
      };
    },
    close: () => (closing ??= close()),
  };
}

function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [`${finding.file} ${finding.place}`, finding])).values()];
}

function notSetUp(): WorkbenchError {
  return new WorkbenchError('not-set-up', 'This profile is not set up yet: give a name and a delegation first.');
}

function renewal(circle: OpenedCircle, reason: RenewalReason): Notice {
  const message = `${renewalReasons[reason]}. In the circle ${circle.name()} it goes on as a new device; everything written before stays as it is.`;
  return { code: reason, message };
}
