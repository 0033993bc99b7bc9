/**
 * The keys of a circle's epochs that this profile has, and how more come in: sealed for this device, or with a key that is
 * here. They lie in the secret store; the records that carry them sealed are in the log. Rules RC61 of
 * shared/records/SPEC.md, SY82 and SY84 of shared/sync/SPEC.md.
 */
import type { CircleId, RecordId, ReplicaId } from '../../../shared/ids.ts';
import type { Fold } from '../../../shared/records/fold.ts';
import type { Opening } from '../../../shared/records/judgement.ts';
import { isOpening } from '../../../shared/records/values.ts';
import { admissionKey, openEarlierKey, openKeyFor } from '../../../shared/sync/epochs.ts';
import { firstEpoch } from '../../../shared/sync/manifest.ts';
import type { SealingCrypto } from '../../../shared/sync/sealing-crypto.ts';
import type { SecretStore } from '../storage/secret-store.ts';
import type { CircleFile } from './circle-file.ts';
import { circleSecrets, loadCircleKey, loadReplicaKeys } from './replica-keys.ts';

export interface EpochRing {
  /** The key of an epoch; undefined when it is not here. */
  ofEpoch(epoch: number): Uint8Array | undefined;
  /** Epochs whose keys are here. */
  known(): number[];
  keep(epoch: number, key: Uint8Array): Promise<void>;
  /** Takes over the keys that the log holds sealed for this device, and those sealed with them. */
  adopt(): Promise<void>;
}

export interface EpochRingOptions {
  readonly circle: CircleId;
  readonly fold: Fold;
  readonly secrets: SecretStore;
  readonly crypto: SealingCrypto;
  /** Replicas whose keys this profile has, the one that writes first. */
  readonly holders: () => readonly ReplicaId[];
  readonly file: () => CircleFile;
  readonly keep: (epochs: readonly number[]) => Promise<void>;
}

export function createEpochRing(options: EpochRingOptions): EpochRing {
  const { circle, fold, secrets, crypto } = options;
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

  function openingsOf(record: RecordId): Opening[] {
    return fold
      .statements('epoch', 'opened')
      .filter((version) => version.record === record && isOpening(version.value))
      .map(({ value }) => value as unknown as Opening);
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

  return { ofEpoch, known, keep, adopt };
}
