/**
 * The epochs of a circle: which one seals what is put now, how new ones are opened, and who is given the keys. Those at hand
 * are epoch-ring.ts, who has and may have others' epoch-holders.ts. Rules RC59 to RC61 of shared/records/SPEC.md and SY80 to
 * SY85 of shared/sync/SPEC.md.
 */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { creatorOf, type ChangeHash, type RecordId, type ReplicaId } from '../../../shared/ids.ts';
import type { StoredChange } from '../../../shared/records/change.ts';
import type { EpochState } from '../../../shared/records/fold.ts';
import { generationOf } from '../../../shared/records/judgement.ts';
import type { IntendedOp } from '../../../shared/records/writer.ts';
import { firstEpoch } from '../../../shared/sync/manifest.ts';
import {
  admissionKey,
  admissionOf,
  epochKeyBytes,
  nextEpoch,
  sealEarlierKey,
  sealKeyFor,
} from '../../../shared/sync/epochs.ts';
import type { CircleKeys } from '../../../shared/sync/sealing-crypto.ts';
import { exposureOf, isOpenTo, lackedBy, leftOutSome, lineageOf, wasGiven } from './epoch-holders.ts';
import { createEpochRing, type EpochRingOptions } from './epoch-ring.ts';

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

export interface CircleEpochsOptions extends EpochRingOptions {
  readonly random: (lengthBytes: number) => Uint8Array;
  readonly replica: () => ReplicaId;
  readonly write: (ops: readonly IntendedOp[]) => Promise<ChangeHash>;
  readonly newId: () => RecordId;
}

interface Candidate {
  readonly epoch: number;
  readonly exposure: number;
  readonly generation: number;
}

const byNumber = (a: EpochState, b: EpochState): number => a.number - b.number;

export function createCircleEpochs(options: CircleEpochsOptions): CircleEpochs {
  const { circle, fold, crypto, random } = options;
  const { ofEpoch, known, keep, adopt } = createEpochRing(options);

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

  function candidatesBy(compare: (a: Candidate, b: Candidate) => number): Candidate[] {
    return candidates()
      .map((epoch) => ({ epoch, exposure: exposureOf(fold, epoch), generation: generationOf(epoch) }))
      .sort((a, b) => compare(a, b) || b.epoch - a.epoch);
  }

  /** The epoch that seals: before all else the one least exposed to removed devices, even where there is a later one. */
  function current(): number {
    return candidatesBy((a, b) => a.exposure - b.exposure || b.generation - a.generation)[0]!.epoch;
  }

  /** The epoch by which newcomers are admitted, and which a new one is to follow when it is exposed to a removed device. */
  function latest(): Candidate {
    return candidatesBy((a, b) => b.generation - a.generation || a.exposure - b.exposure)[0]!;
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
    const removed = [...new Set([...fold.removals().map(({ replica }) => replica), ...without])];
    await keep(number, key);
    const record = options.newId();
    const set = (field: string, value: IntendedOp['value']): IntendedOp => {
      return { record, type: 'epoch', field, over: [], value };
    };
    const ops = [set('opened', { number, parent, admission: admissionKey(key, crypto), known: takingPart, removed })];
    for (const replica of takingPart) {
      const sealingKey = sealingKeyOf(replica);
      if (sealingKey === null) continue;
      ops.push(set(`key:${replica}`, sealKeyFor({ circle, epoch: number }, key, { replica, sealingKey }, crypto)));
    }
    return ops;
  }

  async function removalOps(device: ReplicaId, reason: string): Promise<IntendedOp[]> {
    const lineage = lineageOf(fold, device);
    const ops: IntendedOp[] = [];
    for (const replica of lineage) {
      const kept = fold
        .replicas()
        .filter((each) => !lineage.has(each) && fold.limitOf(each) === null && lineageOf(fold, each).has(replica));
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
    if (ofEpoch(now.epoch) === undefined) return;
    if (now.exposure > 0) await options.write(await openingOps(new Set()));
    const newest = fold.epochs().find(({ number }) => number === current());
    if (newest === undefined) return;
    // What an administrator wrote and is missing here may be the removal of somebody who has the newest key.
    const mayLackRemovals = fold.gaps().some(({ replica }) => fold.isAdministrator(replica));
    await giveToTheOverlooked(newest, mayLackRemovals);
    await giveEarlier(newest, (epoch) => mayBePassedOn(epoch, newest, mayLackRemovals));
  }

  /**
   * Whether the key of an epoch may go to all who have the newest. What an early program opened does not say whom it shuts
   * out; then it has to count, as it does not on a disk that was put back to before its maker got the right.
   */
  function mayBePassedOn(epoch: number, newest: EpochState, mayLackRemovals: boolean): boolean {
    if (!leftOutSome(fold, epoch, (replica) => wasGiven(fold, replica, newest.number))) return true;
    const opened = fold.epochs().find(({ number }) => number === epoch);
    return opened !== undefined && !mayLackRemovals && (opened.removed === undefined || isOwn(opened));
  }

  function isOwn({ record }: EpochState): boolean {
    return options.holders().includes(creatorOf(record));
  }

  /**
   * An epoch that was opened apart from a device, or before its card came, left it out; by another it takes part. So it is
   * given that key and those before that it needs to read it, but none that was meant to shut it out. Whoever opened an
   * epoch may think better of it, and then has to know of all removals.
   */
  async function giveToTheOverlooked(newest: EpochState, mayLackRemovals: boolean): Promise<void> {
    const takingPart = fold.replicas().filter((each) => fold.limitOf(each) === null);
    const lacking = new Map(
      takingPart.map((each) => [each, new Set(lackedBy(fold, each, newest).map(({ record }) => record))]),
    );
    for (const epoch of fold.epochs().sort(byNumber)) {
      const mayThinkBetter = isOwn(epoch) && !mayLackRemovals;
      const devices = takingPart.filter(
        (each) => lacking.get(each)!.has(epoch.record) && (mayThinkBetter || isOpenTo(fold, epoch, each)),
      );
      await giveKey(epoch, devices);
    }
  }

  /** One change for each epoch: it is sealed with the key before that, which a device has by then. */
  async function giveKey({ record, number, keys }: EpochState, devices: readonly ReplicaId[]): Promise<void> {
    const key = ofEpoch(number);
    if (key === undefined) return;
    const ops = devices.flatMap((replica): IntendedOp[] => {
      const sealingKey = keys.has(replica) ? null : sealingKeyOf(replica);
      if (sealingKey === null) return [];
      const sealed = sealKeyFor({ circle, epoch: number }, key, { replica, sealingKey }, crypto);
      return [{ record, type: 'epoch', field: `key:${replica}`, over: [], value: sealed }];
    });
    if (ops.length > 0) await options.write(ops);
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
      for (const epoch of fold.epochs().sort(byNumber)) await giveKey(epoch, [device]);
    },
  };
}
