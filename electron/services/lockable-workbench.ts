/**
 * A workbench whose profile can be locked: the shell and its pages stay while the profile under them is closed and opened
 * again, be it to lock it, to unlock it, to seal its files or to put a backup in its place. Answers the `protection`
 * service itself; everything else it passes on to the services of the opened profile, or refuses with `profile-locked`.
 */
import type { Services, WorkbenchClient } from '../../shared/contract/contract.ts';
import { join } from 'node:path';
import { contract } from '../../shared/contract/contract.ts';
import { toErrorMessage, WorkbenchError } from '../../shared/contract/errors.ts';
import type { Appearance } from '../../shared/contract/profile.ts';
import type { protectionContract, ProtectionStatus } from '../../shared/contract/protection.ts';
import type { ServiceImplementation } from '../../shared/contract/contract.ts';
import { connectClient, createMemoryPorts, servePort, type Port } from '../../shared/contract/rpc.ts';
import type { PassphraseTools } from '../../shared/sync/invitation.ts';
import type { PassphraseParameters } from '../../shared/sync/passphrase.ts';
import type { Grants } from './files/grants.ts';
import { createMadeFiles } from './files/made-files.ts';
import type { Profile } from './profile/profile.ts';
import { backUp, stageRestore } from './protection/backup.ts';
import type { UnlockSecret } from './protection/profile-keys.ts';
import { nodeFileSystem } from './storage/file-system.ts';
import type { ProfileSocket } from './storage/profile-socket.ts';

/** What is opened and closed while the workbench stays. */
export interface OpenedServices {
  readonly profile: Profile;
  readonly services: Omit<Services, 'protection' | 'files'>;
  /** Events go to this port from now on. */
  announceTo(port: Port): void;
  close(): Promise<void>;
}

export interface LockableOptions {
  readonly folder: string;
  readonly grants: Grants;
  readonly files: Services['files'];
  /** For the command line, which names paths. */
  readonly filesWithPaths: Services['files'];
  readonly now: () => number;
  readonly tools: PassphraseTools & { readonly parameters: PassphraseParameters };
  readonly secret: UnlockSecret | undefined;
  /** How the page of a locked profile is to look. */
  readonly appearance: () => Promise<Appearance | null>;
  readonly open: (secret: UnlockSecret | undefined) => Promise<OpenedServices>;
  /** Null where no other process is to be answered. */
  readonly listen: ((onPort: (port: Port) => void) => Promise<ProfileSocket>) | null;
}

export interface LockableWorkbench {
  readonly services: Services;
  connect(port: Port): void;
  client(rights?: { readonly namesPaths?: boolean }): WorkbenchClient;
  close(): Promise<void>;
}

type ProtectionService = ServiceImplementation<typeof protectionContract>;
type Locked = Pick<ProtectionStatus, 'by' | 'hasRecoveryKey' | 'appearance'>;

/** Without a secret a locked profile gives a locked workbench; all else that fails at opening fails here. */
export async function openLockableWorkbench(options: LockableOptions): Promise<LockableWorkbench> {
  const { grants, tools } = options;
  const backups = createMadeFiles(join(options.folder, 'cache'), 'backup');
  let opened: OpenedServices | null = null;
  let locked: Locked = { by: 'nothing', hasRecoveryKey: false, appearance: null };
  let socket: ProfileSocket | null = null;
  let closing: Promise<void> | undefined;
  /** Pages are let go after each opening, to load anew; clients in this process stay. */
  const pages = new Set<Port>();
  const ownClients = new Set<Port>();
  let work: Promise<unknown> = Promise.resolve();
  /** Resolves, never rejects, when the profile has been opened again. */
  let settled: Promise<unknown> = Promise.resolve();

  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = work.then(act);
    work = done.catch(() => undefined);
    return done;
  }

  async function open(secret: UnlockSecret | undefined): Promise<void> {
    try {
      opened = await options.open(secret);
    } catch (error) {
      if (!(error instanceof WorkbenchError) || error.code !== 'profile-locked') throw error;
      locked = {
        by: error.data['passphrase'] === true ? 'passphrase' : 'system',
        hasRecoveryKey: error.data['recoveryKey'] === true,
        appearance: await options.appearance(),
      };
      if (secret !== undefined) throw error;
      return;
    }
    await clearBackups(opened.profile);
    for (const port of [...ownClients, ...pages]) opened.announceTo(port);
    socket ??= (await options.listen?.((port) => connect(port, true))) ?? null;
  }

  /** What another run of the program left; the profile is this one's now. It is sealed, and bars nobody from opening. */
  async function clearBackups(profile: Profile): Promise<void> {
    try {
      await backups.clear();
    } catch (error) {
      profile.notify({ code: 'leftovers-stay', message: toErrorMessage(error).message });
    }
  }

  /** Remembers how it opens, for pages that ask while it is shut. */
  function rememberLock(): void {
    const { theme, language, textSize } = opened!.profile.settings.get();
    const appearance = { theme, language, textSize };
    locked = { by: opened!.profile.protection.by(), hasRecoveryKey: hasRecoveryKey(opened!), appearance };
  }

  function letPagesGo(): void {
    const before = [...pages];
    // After the answer to whoever asked.
    setImmediate(() => {
      for (const port of before) port.close();
    });
  }

  async function reopen(secret: UnlockSecret | undefined): Promise<void> {
    const done = (async () => {
      const before = opened;
      if (before !== null) rememberLock();
      opened = null;
      await before?.close();
      await open(secret);
    })();
    settled = done.catch(() => undefined);
    await done;
    letPagesGo();
  }

  function status(): ProtectionStatus {
    if (opened === null) return { locked: true, ...locked };
    const by = opened.profile.protection.by();
    return { locked: false, by, hasRecoveryKey: hasRecoveryKey(opened), appearance: null };
  }

  function here(): OpenedServices {
    if (opened !== null) return opened;
    throw new WorkbenchError('profile-locked', 'The workbench is locked. What was written is safe; unlock it first.');
  }

  const protection: ProtectionService = {
    async status() {
      await settled;
      return status();
    },
    unlock: ({ passphrase }) =>
      inTurn(async () => {
        if (opened === null) await reopen({ passphrase });
        return status();
      }),
    recover: ({ recoveryKey, passphrase }) =>
      inTurn(async () => {
        if (opened !== null) throw new WorkbenchError('invalid-state', 'The workbench is not locked.');
        await reopen({ recoveryKey });
        await here().profile.protection.setPassphrase({ current: null, passphrase });
        return status();
      }),
    lock: () =>
      inTurn(async () => {
        if (here().profile.protection.by() !== 'passphrase') {
          throw new WorkbenchError('invalid-state', 'This profile has no passphrase to lock it with. Set one first.');
        }
        const before = here();
        rememberLock();
        opened = null;
        const shut = before.close();
        settled = shut.catch(() => undefined);
        await shut;
        letPagesGo();
        const listening = socket;
        socket = null;
        setImmediate(() => void listening?.close());
        return status();
      }),
    setPassphrase: (request) =>
      inTurn(async () => {
        const key = await here().profile.protection.setPassphrase(request);
        if (key !== null) await reopen({ masterKey: key });
        return status();
      }),
    removePassphrase: ({ current }) =>
      inTurn(async () => {
        const key = await here().profile.protection.removePassphrase(current);
        if (key !== null) await reopen({ masterKey: key });
        return status();
      }),
    makeRecoveryKey: ({ current }) =>
      inTurn(async () => ({ recoveryKey: await here().profile.protection.makeRecoveryKey(current) })),
    backup: ({ passphrase }, context) =>
      inTurn(async () => {
        const { profile } = here();
        if (profile.identity() === null) {
          throw new WorkbenchError('not-set-up', 'This profile is not set up yet: there is nothing to back up.');
        }
        const name = `workbench-${new Date(options.now()).toISOString().slice(0, 10)}.dwbackup`;
        const { folder } = options;
        const { protection: by } = profile;
        const request = { folder, fileSystem: nodeFileSystem, protection: by, passphrase, tools, context };
        const { file, sizeBytes } = await backups.make(name, (target) => backUp({ ...request, target }), grants);
        return { file, name, sizeBytes };
      }),
    restore: ({ file, passphrase, recoveryKey }, context) =>
      inTurn(async () => {
        if (here().profile.identity() !== null) {
          const message =
            'Somebody works in this profile already. Nothing was changed; restore the backup into a new one.';
          throw new WorkbenchError('profile-not-empty', message);
        }
        const backup = await grants.openFile(file);
        const secret = secretOf(passphrase, recoveryKey);
        const { folder } = options;
        const key = await stageRestore({ folder, fileSystem: nodeFileSystem, backup, secret, tools, context }).finally(
          () => backup.close(),
        );
        grants.drop(file);
        await reopen(key === null ? undefined : { masterKey: key });
        return status();
      }),
  };

  /** The service of that name as it is at the moment of a call: the profile may have been closed and opened since. */
  function passOn(name: string, operations: readonly string[]): Record<string, unknown> {
    return Object.fromEntries(
      operations.map((operation) => [
        operation,
        async (input: unknown, context: unknown) => {
          await settled;
          const services = here().services as unknown as Record<
            string,
            Record<string, (...given: unknown[]) => unknown>
          >;
          return services[name]![operation]!(input, context);
        },
      ]),
    );
  }

  function servicesWith(files: Services['files']): Services {
    const passed = Object.entries(contract).map(([name, { operations }]) => [
      name,
      passOn(name, Object.keys(operations)),
    ]);
    return { ...(Object.fromEntries(passed) as Services), protection, files };
  }
  const services = servicesWith(options.files);
  const servicesWithPaths = servicesWith(options.filesWithPaths);

  function connect(port: Port, namesPaths = false): void {
    pages.add(port);
    port.onClose(() => pages.delete(port));
    opened?.announceTo(port);
    servePort(port, namesPaths ? servicesWithPaths : services);
  }

  await open(options.secret);

  return {
    services,
    connect: (port) => connect(port),
    client({ namesPaths = false } = {}) {
      const [ours, theirs] = createMemoryPorts();
      ownClients.add(theirs);
      theirs.onClose(() => ownClients.delete(theirs));
      opened?.announceTo(theirs);
      servePort(theirs, namesPaths ? servicesWithPaths : services);
      return connectClient(ours);
    },
    close: () =>
      (closing ??= (async () => {
        await socket?.close();
        await work;
        await opened?.close();
      })()),
  };
}

function hasRecoveryKey({ profile }: OpenedServices): boolean {
  return profile.protection.wraps().some(({ kind }) => kind === 'recovery');
}

function secretOf(passphrase: string | undefined, recoveryKey: string | undefined): UnlockSecret | undefined {
  if (recoveryKey !== undefined && recoveryKey !== '') return { recoveryKey };
  return passphrase === undefined || passphrase === '' ? undefined : { passphrase };
}
