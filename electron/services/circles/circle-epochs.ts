/**
 * The keys of a circle's epochs in this profile: which are here, which one seals what is put now, how new ones come in and
 * how they are made. Keys lie in the secret store; the records that carry them sealed are in the log. Rules RC59 to RC61
 * of shared/records/SPEC.md and SY80 to SY85 of shared/sync/SPEC.md.
 */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { creatorOf, type ChangeHash, type CircleId, type RecordId, type ReplicaId } from '../../../shared/ids.ts';
import type { StoredChange } from '../../../shared/records/change.ts';
import type { EpochState, Fold } from '../../../shared/records/fold.ts';
import { isOpening } from '../../../shared/records/values.ts';
import { generationOf } from '../../../shared/records/judgement.ts';
import type { IntendedOp } from '../../../shared/records/writer.ts';
import { firstEpoch } from '../../../shared/sync/manifest.ts';
import {
  admissionKey,
  admissionOf,
  epochKeyBytes,
  nextEpoch,
  openEarlierKey,
  openKeyFor,
  sealEarlierKey,
  sealKeyFor,
} from '../../../shared/sync/epochs.ts';
import type { CircleKeys, SealingCrypto } from '../../../shared/sync/sealing-crypto.ts';
import type { SecretStore } from '../storage/secret-store.ts';
import type { CircleFile } from './circle-file.ts';
import { leftOutSome } from './left-out.ts';
import { circleSecrets, loadCircleKey, loadReplicaKeys } from './replica-keys.ts';

export interface CircleEpochs {
  readonly keys: CircleKeys;
  /** Takes over the keys that came sealed for this device. */
  adopt(): Promise<void>;
  /**
   * `adopt`, and what an administrator's device does by itself: an epoch where one is due, the newest key for who takes part
   * without it, earlier keys for new members.
   */
  tend(): Promise<void>;
  /** What the card of a device that joined says of the key it was given; null in the first epoch. */
  admission(): { readonly epoch: number; readonly signature: string } | null;
  sealedIn(change: StoredChange): number;
  /**
   * Ops that open an epoch for everybody who takes part but `without`; its key is kept before they are handed out, so that
   * a crash after writing them leaves no epoch without a key.
   */
  openingOps(without: ReadonlySet<ReplicaId>): Promise<IntendedOp[]>;
  /** Ops that remove a device with all that it carries on, and open an epoch without it. */
  removalOps(device: ReplicaId, reason: string): Promise<IntendedOp[]>;
  /** Gives every later key to a device that joined with an earlier one. */
  admit(device: ReplicaId): Promise<void>;
}

export interface CircleEpochsOptions {
  readonly circle: CircleId;
  readonly fold: Fold;
  readonly secrets: SecretStore;
  readonly crypto: SealingCrypto;
  readonly random: (lengthBytes: number) => Uint8Array;
  readonly replica: () => ReplicaId;
  /** Replicas whose keys this profile has, the one that writes first. */
  readonly holders: () => readonly ReplicaId[];
  readonly file: () => CircleFile;
  readonly keep: (epochs: readonly number[]) => Promise<void>;
  readonly write: (ops: readonly IntendedOp[]) => Promise<ChangeHash>;
  readonly newId: () => RecordId;
}

export function createCircleEpochs(options: CircleEpochsOptions): CircleEpochs {
  const { circle, fold, secrets, crypto, random } = options;
  const cached = new Map<number, Uint8Array>();

  function ofEpoch(epoch: number): Uint8Array | undefined {
    const key = cached.get(epoch) ?? loadCircleKey(secrets, circle, epoch) ?? undefined;
    if (key) cached.set(epoch, key);
    return key;
  }

  function known(): number[] {
    const { epoch, epochs = [] } = options.file();
    return [...new Set([firstEpoch, epoch, ...epochs])].filter((each) => ofEpoch(each) !== undefined);
  }

  async function keep(epoch: number, key: Uint8Array): Promise<void> {
    await secrets.put(circleSecrets(circle, epoch, key));
    const { epochs = [] } = options.file();
    if (!epochs.includes(epoch)) await options.keep([...epochs, epoch]);
  }

  /** Whether a key is the one that the record of its epoch was opened for. An epoch without a record has no check. */
  function isRight(epoch: number, key: Uint8Array): boolean {
    const openings = fold
      .statements('epoch', 'opened')
      .map(({ value }) => value as { readonly number?: unknown; readonly admission?: unknown } | null | undefined)
      .filter((opening) => opening?.number === epoch);
    return openings.length === 0 || openings.some((opening) => opening?.admission === admissionKey(key, crypto));
  }

  /**
   * Whatever the standing of the records: what says that their writer has the right to them may itself be sealed with the
   * key that they give. Which key seals what is put is decided by records that count alone.
   */
  async function adoptSealed(): Promise<void> {
    for (const replica of options.holders()) {
      for (const { record, value: sealed } of fold.statements('epoch', `key:${replica}`)) {
        if (typeof sealed !== 'string') continue;
        for (const { number, admission } of openingsOf(record)) {
          if (ofEpoch(number) !== undefined) continue;
          const device = { replica, ...loadReplicaKeys(secrets, replica).sealing };
          const key = openKeyFor({ circle, epoch: number }, sealed, device, crypto);
          if (key !== null && admissionKey(key, crypto) === admission) await keep(number, key);
        }
      }
    }
  }

  function openingsOf(record: RecordId): { readonly number: number; readonly admission: string }[] {
    return fold
      .statements('epoch', 'opened')
      .filter((version) => version.record === record && isOpening(version.value))
      .map(({ value }) => value as { readonly number: number; readonly admission: string });
  }

  /** Whoever joined with a later key reads these before the records that give its writer the right to them. */
  async function adoptEarlier(): Promise<void> {
    for (const { value } of fold.statements('epoch', 'previous')) {
      if (!Array.isArray(value)) continue;
      for (const earlier of value as unknown as { epoch: number; key: string }[]) {
        if (typeof earlier?.epoch !== 'number' || typeof earlier.key !== 'string') continue;
        if (ofEpoch(earlier.epoch) !== undefined) continue;
        for (const epoch of known()) {
          const key = openEarlierKey({ circle, epoch }, ofEpoch(epoch)!, earlier, crypto);
          if (key === null || !isRight(earlier.epoch, key)) continue;
          await keep(earlier.epoch, key);
          break;
        }
      }
    }
  }

  async function adopt(): Promise<void> {
    // In the first epoch, and with every key at hand, there is nothing to look for.
    if (fold.statements('epoch', 'opened').length + fold.statements('epoch', 'previous').length === 0) return;
    for (let before = -1; before !== known().length;) {
      before = known().length;
      await adoptSealed();
      await adoptEarlier();
    }
  }

  /** Epochs that may seal what is put now. */
  function candidates(): number[] {
    const held = new Set(known());
    const counted = fold.epochs().map(({ number }) => number);
    const recorded = new Set(
      fold.statements('epoch', 'opened').map(({ value }) => (value as { number?: number } | null | undefined)?.number),
    );
    // What an invitation gave holds until its record is here and says whether it counts.
    const { epoch: joined } = options.file();
    const found = [firstEpoch, ...(recorded.has(joined) ? [] : [joined]), ...counted].filter((e) => held.has(e));
    return found.length === 0 ? [joined] : found;
  }

  /** The epoch that seals: before all else the one that fewest removed devices were given, even where there is a later one. */
  function current(): number {
    return candidates().sort(
      (a, b) => overheardBy(a) - overheardBy(b) || generationOf(b) - generationOf(a) || b - a,
    )[0]!;
  }

  /** The epoch by which newcomers are admitted, and which a new one is to follow when a removed device was given it. */
  function latest(): number {
    return candidates().sort(
      (a, b) => generationOf(b) - generationOf(a) || overheardBy(a) - overheardBy(b) || b - a,
    )[0]!;
  }

  /** How many removed replicas were given the key of an epoch. */
  function overheardBy(epoch: number): number {
    return new Set(fold.removals().flatMap(({ replica }) => (reaches(replica, epoch) ? [replica] : []))).size;
  }

  /** Whether a device was given the key of an epoch. */
  function reaches(replica: ReplicaId, epoch: number): boolean {
    if (epoch === firstEpoch) return true;
    const record = fold.epochs().find(({ number }) => number === epoch);
    if (record?.keys.has(replica) === true) return true;
    return fold
      .statements('device', 'admitted')
      .some((version) => version.replica === replica && (version.value as { epoch?: number } | null)?.epoch === epoch);
  }

  function sealingKeyOf(replica: ReplicaId): string | null {
    for (const { record, value, replica: by } of fold.statements('device', 'sealingKey')) {
      if (by === replica && creatorOf(record) === replica && typeof value === 'string') return value;
    }
    return null;
  }

  async function openingOps(without: ReadonlySet<ReplicaId>): Promise<IntendedOp[]> {
    const all = fold.epochs().map(({ number }) => number);
    const number = nextEpoch([...known(), ...all], random);
    const key = random(epochKeyBytes);
    const parent = current();
    const takingPart = fold.replicas().filter((each) => !without.has(each) && fold.limitOf(each) === null);
    await keep(number, key);
    const record = options.newId();
    const set = (field: string, value: IntendedOp['value']): IntendedOp => {
      return { record, type: 'epoch', field, over: [], value };
    };
    const ops = [set('opened', { number, parent, admission: admissionKey(key, crypto), known: takingPart })];
    for (const replica of takingPart) {
      const sealingKey = sealingKeyOf(replica);
      if (sealingKey === null) continue;
      ops.push(set(`key:${replica}`, sealKeyFor({ circle, epoch: number }, key, { replica, sealingKey }, crypto)));
    }
    return ops;
  }

  /** An earlier replica of a device has its keys on the same disk. */
  function carriedOn(replica: ReplicaId): ReplicaId[] {
    const found = new Set([replica]);
    for (const each of found) {
      for (const { replica: by, value } of fold.statements('device', 'proof')) {
        const earlier = (value as { replica?: ReplicaId } | null | undefined)?.replica;
        if (by === each && earlier !== undefined) found.add(earlier);
      }
    }
    return [...found];
  }

  async function removalOps(device: ReplicaId, reason: string): Promise<IntendedOp[]> {
    const lineage = new Set(carriedOn(device));
    const ops: IntendedOp[] = [];
    for (const replica of lineage) {
      const kept = fold
        .replicas()
        .filter((each) => !lineage.has(each) && fold.limitOf(each) === null && carriedOn(each).includes(replica));
      for (const tip of tipsOf(replica)) {
        const record = options.newId();
        const value = { replica, last: tip?.hash ?? null, seq: tip?.seq ?? 0, kept };
        ops.push({ record, type: 'removal-of-device', field: 'device', over: [], value });
        if (reason !== '') ops.push({ record, type: 'removal-of-device', field: 'reason', over: [], value: reason });
      }
    }
    return [...ops, ...(await openingOps(lineage))];
  }

  /** Every end of its chain that counts; null where there is none. */
  function tipsOf(replica: ReplicaId) {
    const tips = fold.limitOf(replica) === null ? fold.tipsOf(replica) : [];
    return tips.length === 0 ? [null] : tips;
  }

  async function tend(): Promise<void> {
    await adopt();
    if (!fold.isAdministrator(options.replica()) || fold.limitOf(options.replica()) !== null) return;
    const now = latest();
    if (ofEpoch(now) === undefined) return;
    if (overheardBy(now) > 0) await options.write(await openingOps(new Set()));
    const newest = fold.epochs().find(({ number }) => number === current());
    if (newest === undefined) return;
    // What an administrator wrote and is missing here may be the removal of somebody who has the newest key.
    const mayLackRemovals = fold.gaps().some(({ replica }) => fold.isAdministrator(replica));
    if (!mayLackRemovals) await giveToTheOverlooked(newest);
    // Nor do those count whose right to remove is not here, as on a disk that was put back to before it was given.
    const counted = new Set([firstEpoch, ...fold.epochs().map(({ number }) => number)]);
    await giveEarlier(
      newest,
      (epoch) =>
        (counted.has(epoch) && !mayLackRemovals) ||
        !leftOutSome(fold, epoch, (replica) => reaches(replica, newest.number)),
    );
  }

  /**
   * An epoch that was opened apart from a device, or before its card came, left it out; by another it takes part. Only of
   * epochs that this profile opened: why another left somebody out may be a removal that has not arrived here.
   */
  async function giveToTheOverlooked(newest: EpochState): Promise<void> {
    const own = new Set(options.holders());
    if (!own.has(creatorOf(newest.record))) return;
    const overlooked = fold.replicas().filter((each) => fold.limitOf(each) === null && !reaches(each, newest.number));
    await giveKeys(overlooked, ({ record }) => own.has(creatorOf(record)));
  }

  /**
   * Gives devices whose cards are here the keys of all epochs that they were not given. One change for each epoch: it is
   * sealed with the key before that, which a device has by then.
   */
  async function giveKeys(devices: readonly ReplicaId[], of: (epoch: EpochState) => boolean): Promise<void> {
    const epochs = fold.epochs().filter(of);
    for (const { record, number, keys } of epochs.sort((a, b) => a.number - b.number)) {
      const key = ofEpoch(number);
      if (key === undefined) continue;
      const ops = devices.flatMap((replica): IntendedOp[] => {
        const sealingKey = keys.has(replica) ? null : sealingKeyOf(replica);
        if (sealingKey === null) return [];
        const sealed = sealKeyFor({ circle, epoch: number }, key, { replica, sealingKey }, crypto);
        return [{ record, type: 'epoch', field: `key:${replica}`, over: [], value: sealed }];
      });
      if (ops.length > 0) await options.write(ops);
    }
  }

  async function giveEarlier(
    { record, number, previous }: EpochState,
    mayBeGiven: (epoch: number) => boolean,
  ): Promise<void> {
    const given = new Set(previous.map(({ epoch }) => epoch));
    const lacking = known().filter((epoch) => epoch !== number && !given.has(epoch) && mayBeGiven(epoch));
    if (lacking.length === 0) return;
    const key = ofEpoch(number)!;
    const value = lacking.map((epoch) => {
      const sealed = sealEarlierKey({ circle, epoch: number }, key, { epoch, key: ofEpoch(epoch)! }, crypto);
      return { epoch, key: sealed };
    });
    const over = (fold.field(record, 'previous')?.heads ?? []).map(({ id }) => id);
    await options.write([{ record, type: 'epoch', field: 'previous', over, value }]);
  }

  return {
    adopt,
    tend,
    openingOps,
    removalOps,
    keys: {
      ofEpoch,
      epochs: known,
      current() {
        const epoch = current();
        const key = ofEpoch(epoch);
        if (key === undefined) {
          const message = `The key of the circle ${options.file().name} is missing from this profile. Join it again with an invitation.`;
          throw new WorkbenchError('storage-damaged', message, { circle });
        }
        return { epoch, key };
      },
    },
    admission() {
      const { epoch } = options.file();
      const key = ofEpoch(epoch);
      return epoch === firstEpoch || key === undefined
        ? null
        : admissionOf({ circle, epoch }, key, options.replica(), crypto);
    },
    sealedIn({ skeleton }) {
      const given = Array.isArray(skeleton.ops)
        ? skeleton.ops.find(({ type, field }) => type === 'epoch' && (field === 'opened' || field?.startsWith('key:')))
        : undefined;
      const parent = given && fold.epochs().find(({ record }) => record === given.record)?.parent;
      return parent !== undefined && ofEpoch(parent) !== undefined ? parent : current();
    },
    async admit(device) {
      if (sealingKeyOf(device) === null) {
        const message =
          'The card of this device has not arrived, so no key can be sealed for it. Exchange with it first.';
        throw new WorkbenchError('invalid-state', message, { device });
      }
      await giveKeys([device], () => true);
    },
  };
}
