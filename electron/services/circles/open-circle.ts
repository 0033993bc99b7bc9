/**
 * One circle of a profile, opened: its log, its journal, and the replica that writes in it. A replica that has written
 * nothing yet begins here with its device card; a profile that was copied, restored or has lost published changes goes
 * on under a new replica, which names the last change it held.
 */
import { join } from 'node:path';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { newRecordId, type ChangeHash, type RecordId, type ReplicaId } from '../../../shared/ids.ts';
import { circleIdOf } from '../../../shared/records/change.ts';
import type { SealingCrypto, Signer } from '../../../shared/sync/sealing-crypto.ts';
import type { CircleAccess, ExchangeCircle } from '../exchange/circle-port.ts';
import type { FileSystemPort } from '../storage/file-system.ts';
import type { Finding } from '../storage/frame-format.ts';
import { openJournal } from '../storage/journal-file.ts';
import { removeSideFiles, sideFileFindings } from '../storage/side-files.ts';
import type { SecretStore } from '../storage/secret-store.ts';
import { authorOf } from './author.ts';
import type { BlobStore, CircleNews } from './circle.ts';
import { createCircleEpochs, type CircleEpochs } from './circle-epochs.ts';
import { writeCircleFile, type CircleFile, type StoredChannel } from './circle-file.ts';
import { openCircleLog } from './circle-log.ts';
import { erasedOriginals, type OriginalsSweep } from './erased-originals.ts';
import { circleRoot, confirmationOps, deviceCard, personOps, type Identity } from './person-records.ts';
import { circleSecrets, loadReplicaKeys, newReplicaKeys, replicaSecrets, type ReplicaKeys } from './replica-keys.ts';

/** Why a profile goes on under a new replica. */
export type RenewalReason = 'profile-copied' | 'published-change-missing' | 'two-branches';

export interface OpenedCircle extends ExchangeCircle {
  /** What was wrong with the files when they were opened. */
  readonly findings: readonly Finding[];
  /** Where the circle exchanges, as `setChannels` was told. */
  channels(): readonly StoredChannel[];
  setChannels(channels: readonly StoredChannel[]): Promise<void>;
  isPaused(): boolean;
  setPaused(paused: boolean): Promise<void>;
  /**
   * Takes part anew after this device was removed: as a device and a person of its own, which carry nothing on (RC58).
   * What was written before stays what it was.
   */
  joinAgain(access: Pick<CircleAccess, 'epoch' | 'key'>): Promise<void>;
  /** Remembers the newest own change that a remote was given: should the log lose it, the next opening will know. */
  notePublished(hash: ChangeHash): Promise<void>;
  /** Why something that was ordered to be erased is still on this disk; null when nothing is. */
  erasingTrouble(): WorkbenchError | null;
  /** Whether this person has, or is, another device in the circle: then also a personal one is exchanged. */
  hasCompanions(): boolean;
  readonly epochs: Pick<CircleEpochs, 'removalOps' | 'openingOps' | 'admit'>;
  /** Writes who sits here into the person record; administrators confirm themselves. */
  introduce(identity: Identity): Promise<void>;
  /** Reads log and journal again and says what is wrong with them. */
  verify(): Promise<{ readonly changes: number; readonly findings: readonly Finding[] }>;
  close(): Promise<void>;
}

export interface CircleEnvironment {
  readonly secrets: SecretStore;
  readonly blobs: BlobStore;
  readonly originals: OriginalsSweep;
  readonly crypto: SealingCrypto;
  readonly identity: () => Identity;
  readonly random: (lengthBytes: number) => Uint8Array;
  readonly now: () => number;
  readonly fileSystem: FileSystemPort;
  readonly onNews: (news: CircleNews) => void;
  readonly onRenewed: (circle: OpenedCircle, reason: RenewalReason) => void;
  /** The profile was found in another place than where it was left. */
  readonly copied: boolean;
}

/** Opens the circle of `folder`. Fails as the files do: `storage-damaged`, `profile-from-newer-version`, `disk-full`. */
export async function openCircle(
  folder: string,
  first: CircleFile,
  environment: CircleEnvironment,
): Promise<OpenedCircle> {
  const { secrets, random, now, fileSystem } = environment;
  let file = first;
  let keys = loadReplicaKeys(secrets, file.replica);
  const listeners = new Set<(news: CircleNews) => void>();
  const logPath = join(folder, 'changes.log');
  const log = await openCircleLog({
    path: logPath,
    circle: file.id,
    replica: file.replica,
    random,
    now,
    fileSystem,
    onNews(news) {
      if (news.erased === true) void dropStale();
      for (const listener of listeners) listener(news);
      environment.onNews(news);
    },
  });
  const { fold } = log;
  const journalPath = join(folder, 'journal.log');
  let journalTrouble: WorkbenchError | null = null;
  const { journal, findings } = await openJournal(journalPath, file.id, { fileSystem, now }).catch(
    async (error: unknown) => {
      await log.close();
      throw error;
    },
  );
  /** Old entries of the journal may hold what was erased. Where the disk has no room for that, the next opening does it. */
  async function dropStale(): Promise<void> {
    try {
      await removeSideFiles(journalPath, fileSystem);
      await journal.dropStale();
      journalTrouble = null;
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      journalTrouble = error;
    }
  }
  const newId = (): RecordId => newRecordId(file.replica, random);

  /** Asked for at every step of an exchange; the keys of a replica never change. */
  const signers = new Map<ReplicaId, Signer>();
  function signerOf(replica: ReplicaId): Signer {
    let signer = signers.get(replica);
    if (signer === undefined) {
      const { signing } = replica === keys.replica ? keys : loadReplicaKeys(secrets, replica);
      signer = { replica, publicKey: signing.publicKey, seed: signing.privateKey };
      signers.set(replica, signer);
    }
    return signer;
  }

  let lastUpdate: Promise<void> = Promise.resolve();
  /** One after the other: exchanges through several channels note things at the same time. */
  function update(change: Partial<CircleFile>): Promise<void> {
    const done = lastUpdate.then(async () => {
      const next = { ...file, ...change };
      await writeCircleFile(folder, next, fileSystem);
      file = next;
    });
    // The next one must not fail because this one did; whoever asked for this one hears of it.
    lastUpdate = done.catch(() => undefined);
    return done;
  }

  /** Whatever of a replica's beginning is not in the log yet: after a crash in the middle this goes on where it was. */
  async function begin(): Promise<void> {
    if (log.lastWritten() === null) {
      const [before] = file.earlier;
      const earlier =
        before && before.removed !== true
          ? { keys: loadReplicaKeys(secrets, before.replica), last: before.last }
          : null;
      const admitted = earlier === null ? epochs.admission() : null;
      await log.write(deviceCard({ circle: file.id, card: newId(), person: file.person, keys, earlier, admitted }));
    }
    try {
      if (file.root !== null && fold.record(file.root) === null) await log.write(circleRoot(file.root, file.name));
      // A second device writes nothing over a record that the first one made and that is still to arrive.
      if (!file.companion && fold.record(file.person) === null) await introduce(environment.identity());
    } catch (error) {
      // A log that lost the changes which give these rights is still opened: to be read, and to say what it lost.
      const isRefused = error instanceof WorkbenchError && error.code === 'not-allowed';
      if (!isRefused || log.findings.length === 0) throw error;
    }
  }

  const epochs = createCircleEpochs({
    circle: file.id,
    fold,
    secrets,
    crypto: environment.crypto,
    random,
    replica: () => file.replica,
    holders: () => [file.replica, ...file.earlier.map(({ replica }) => replica)],
    file: () => file,
    keep: (known) => update({ epochs: [...known] }),
    write: (ops) => log.write(ops),
    newId,
  });

  async function dropErasedOriginals(): Promise<void> {
    if (fold.erasures().some((erasure) => erasure.originals.length > 0)) await environment.originals.run();
  }

  async function introduce(identity: Identity): Promise<void> {
    const ops = personOps(fold, file.person, identity);
    if (ops.length > 0) await log.write(ops);
    const { delegation } = identity;
    const unconfirmed = delegation !== '' && !fold.delegationsOf(file.person).includes(delegation);
    if (unconfirmed && fold.isAdministrator(file.replica)) {
      await log.write(confirmationOps(newId(), file.person, delegation));
    }
  }

  async function renew(reason: RenewalReason): Promise<void> {
    await switchTo(newReplicaKeys(random), {});
    await begin();
    environment.onRenewed(circle, reason);
  }

  /** The keys are safe before anything names them. */
  function switchTo(fresh: ReplicaKeys, with_: { readonly removed?: true } & Partial<CircleFile>): Promise<void> {
    const { removed, ...more } = with_;
    return log.switchReplica(async () => {
      await secrets.put(replicaSecrets(fresh));
      const ended = { replica: file.replica, last: log.lastWritten(), ...(removed ? { removed } : {}) };
      await update({ replica: fresh.replica, earlier: [ended, ...file.earlier], published: null, ...more });
      keys = fresh;
      return fresh.replica;
    });
  }

  async function joinAgain({ epoch, key }: Pick<CircleAccess, 'epoch' | 'key'>): Promise<void> {
    await secrets.put(circleSecrets(file.id, epoch, key));
    const fresh = newReplicaKeys(random);
    const epochsKept = [...new Set([...(file.epochs ?? []), file.epoch])].filter((each) => each !== epoch);
    const person = newRecordId(fresh.replica, random);
    await switchTo(fresh, { removed: true, person, companion: false, epoch, epochs: epochsKept });
    await epochs.adopt();
    await begin();
  }

  function reasonToRenew(): RenewalReason | null {
    if (environment.copied && log.lastWritten() !== null) return 'profile-copied';
    if (file.published !== null && !fold.has(file.published)) return 'published-change-missing';
    return log.isForked() ? 'two-branches' : null;
  }

  const circle: OpenedCircle = {
    id: file.id,
    personal: file.personal,
    get replica() {
      return file.replica;
    },
    get person() {
      return file.person;
    },
    fold,
    journal,
    blobs: environment.blobs,
    get findings() {
      return [...log.findings, ...findings];
    },
    keys: epochs.keys,
    epochs,
    tendKeys: () => epochs.tend(),
    sealedIn: (change) => epochs.sealedIn(change),
    name() {
      const root = fold.recordsOfType('circle').find((record) => circleIdOf(record.id) === file.id);
      const name = root?.fields.get('name')?.values[0]?.value;
      return typeof name === 'string' ? name : file.name;
    },
    newId,
    async write(ops) {
      const hash = await log.write(ops);
      if (ops.some(({ type }) => type === 'erasure' || type === 'document')) await dropErasedOriginals();
      return hash;
    },
    async receive(changes) {
      const received = await log.receive(changes);
      if (received.added > 0) {
        await epochs.adopt();
        await dropErasedOriginals();
      }
      // What this replica wrote and the log did not hold: the profile was put back to an earlier state.
      if (log.isForked()) await renew('published-change-missing');
      return received;
    },
    authorOf: (replica) => authorOf(fold, replica, file.person),
    onChanged(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    readChange: (hash) => log.readChange(hash),
    signers: () => [file.replica, ...file.earlier.map(({ replica }) => replica)].map(signerOf),
    joinAgain,
    async startNewReplica(replica) {
      if (replica === file.replica) await renew('published-change-missing');
    },
    channels: () => file.channels,
    setChannels: (channels) => update({ channels: [...channels] }),
    isPaused: () => file.paused,
    setPaused: (paused) => update({ paused }),
    notePublished: (published) => update({ published }),
    hasCompanions: () => file.companion === true || fold.field(file.person, 'devices') !== null,
    erasingTrouble: () => log.erasingTrouble() ?? journalTrouble ?? environment.originals.trouble(),
    dropErasedOriginals,
    removedOriginals: () => environment.originals.removed(),
    isOriginalErased: (content) => !erasedOriginals({ fold }).has(content) || environment.originals.isDone(content),
    introduce,
    async verify() {
      const { changes, findings: found } = await log.verify();
      const beside = [logPath, journalPath].map((path) => sideFileFindings(path, fileSystem));
      return { changes, findings: [...found, ...(await journal.verify()), ...(await Promise.all(beside)).flat()] };
    },
    async close() {
      listeners.clear();
      await journal.close();
      await log.close();
    },
  };

  try {
    const reason = reasonToRenew();
    await epochs.adopt();
    if (fold.erasures().length > 0) await dropStale();
    if (reason === null) await begin();
    else await renew(reason);
  } catch (error) {
    await circle.close();
    throw error;
  }
  return circle;
}
