/**
 * A device with a program one format newer: its chain goes on with changes of `v` 2 and with ops of a kind that nobody here
 * knows. It puts its own objects and mends nothing. Rules RC9 and RC10 of shared/records/SPEC.md.
 */
import { newRecordId, type ChangeHash, type CircleId, type ReplicaId } from '../../shared/ids.ts';
import { base32 } from '../../shared/ids.ts';
import { createChange, openChange, type Skeleton, type StoredChange } from '../../shared/records/change.ts';
import { encodeManifest } from '../../shared/sync/manifest.ts';
import { sealObject, type Engine } from '../../shared/sync/object-format.ts';
import { parseObjectName } from '../../shared/sync/object-name.ts';
import type { RemoteStore } from '../../shared/sync/remote-store.ts';
import { encodeSegment } from '../../shared/sync/segment-codec.ts';
import { deviceCard } from '../../electron/services/circles/person-records.ts';
import { newReplicaKeys } from '../../electron/services/circles/replica-keys.ts';

export interface NewerDevice {
  readonly replica: ReplicaId;
  /** Writes one more change and puts its whole chain; gives the hash of the change. */
  write(value: string): Promise<ChangeHash>;
}

export interface NewerOptions {
  readonly circle: CircleId;
  readonly epoch: number;
  readonly key: Uint8Array;
  readonly store: RemoteStore;
  readonly engine: Engine;
  readonly random: (lengthBytes: number) => Uint8Array;
  readonly now: () => number;
}

export async function createNewerDevice(options: NewerOptions): Promise<NewerDevice> {
  const { circle, epoch, key, store, engine, random, now } = options;
  const keys = newReplicaKeys(random);
  const { replica } = keys;
  const signer = { replica, publicKey: keys.signing.publicKey, seed: keys.signing.privateKey };
  const person = newRecordId(replica, random);
  const chain: StoredChange[] = [];
  let prev: ChangeHash | null = null;
  let put: string[] = [];

  function keep(stored: StoredChange): ChangeHash {
    const opened = openChange(stored);
    if (!opened.ok) throw new Error(`the newer device wrote no change: ${opened.error.message}`);
    chain.push(stored);
    prev = opened.change.hash;
    return prev;
  }

  async function publish(tip: ChangeHash): Promise<void> {
    const common = { circle, epoch, key, signer };
    const to = chain.length;
    const segment = sealObject({ ...common, kind: 'segment', from: 1, to, body: encodeSegment(chain) }, engine);
    const parsed = parseObjectName(segment.name);
    const hash = parsed?.kind === 'segment' ? parsed.hash : '';
    const body = encodeManifest({
      tip,
      segments: [{ from: 1, to, hash, sizeBytes: segment.bytes.length, ...(epoch === 1 ? {} : { epoch }) }],
    });
    const head = sealObject({ ...common, kind: 'head', from: 1, to, body }, engine);
    for (const object of [segment, head]) await store.putIfAbsent(object.name, object.bytes);
    for (const name of put.reverse()) await store.removeOwn(name);
    put = [segment.name, head.name];
  }

  const card = deviceCard({ circle, card: newRecordId(replica, random), person, keys, earlier: null, admitted: null });
  const personOp = { record: person, type: 'person', field: 'name', over: [], value: 'Person of tomorrow' };
  keep(createChange({ circle, replica, seq: 1, prev, at: now(), ops: [...card, personOp] }, random).stored);
  await publish(prev!);

  return {
    replica,
    async write(value) {
      const isNewFormat = chain.length % 2 === 1;
      const draft = newRecordId(replica, random);
      const op = { record: draft, type: 'draft', field: 'title', over: [], value };
      const seq = chain.length + 1;
      const { stored } = createChange(
        { circle, replica, seq, prev, at: now(), ops: [op, { ...op, record: newRecordId(replica, random) }] },
        random,
      );
      const skeleton = isNewFormat
        ? { v: 2, circle, replica, seq, prev, parts: [{ novel: base32(random(8)) }] }
        : { ...stored.skeleton, ops: [{ ...stored.skeleton.ops[0], kind: 'braid' }, stored.skeleton.ops[1]] };
      const hash = keep(
        isNewFormat
          ? ({ skeleton, values: [{ text: value }] } as unknown as StoredChange)
          : { ...stored, skeleton: skeleton as Skeleton },
      );
      await publish(hash);
      return hash;
    },
  };
}
