/**
 * What every replica writes about itself when it begins: its device card, its person, and, where it founds the circle,
 * the circle's root record and the founder's own confirmation.
 */
import { base32, type ChangeHash, type CircleId, type RecordId } from '../../../shared/ids.ts';
import { continuationMessage } from '../../../shared/records/authority.ts';
import type { Fold } from '../../../shared/records/fold.ts';
import { overHeads, type IntendedOp } from '../../../shared/records/writer.ts';
import { signText, type ReplicaKeys } from './replica-keys.ts';

/** Who sits at this profile, as it stands in the person record of each circle. */
export interface Identity {
  readonly name: string;
  readonly delegation: string;
  readonly language: string;
}

function opsOf(fold: Fold, record: RecordId, type: string, fields: Readonly<Record<string, string>>): IntendedOp[] {
  return Object.entries(fields)
    .filter(([field, value]) => fold.field(record, field)?.value !== value)
    .map(([field, value]) => ({ record, type, field, over: overHeads(fold, record, field), value }));
}

/** The first change of a chain: which keys the device has, whose it is, and which earlier replica it carries on. */
export function deviceCard(request: {
  readonly circle: CircleId;
  readonly card: RecordId;
  readonly person: RecordId;
  readonly keys: ReplicaKeys;
  readonly earlier: { readonly keys: ReplicaKeys; readonly last: ChangeHash | null } | null;
  /** That it was given the key of an epoch later than the first. */
  readonly admitted: { readonly epoch: number; readonly signature: string } | null;
}): IntendedOp[] {
  const { circle, card, person, keys, earlier, admitted } = request;
  const set = (field: string, value: IntendedOp['value']): IntendedOp => {
    return { record: card, type: 'device', field, over: [], value };
  };
  const ops = [
    set('person', person),
    set('signingKey', base32(keys.signing.publicKey)),
    set('sealingKey', base32(keys.sealing.publicKey)),
  ];
  if (admitted !== null) ops.push(set('admitted', admitted));
  if (earlier !== null) {
    if (earlier.last !== null) ops.push(set('continues', earlier.last));
    const { replica, signing } = earlier.keys;
    const signature = signText(earlier.keys, continuationMessage(circle, replica, keys.replica));
    ops.push(set('proof', { replica, key: base32(signing.publicKey), signature }));
  }
  return ops;
}

/** What is to be written so that the person record says who sits here; empty when it does. */
export function personOps(fold: Fold, person: RecordId, identity: Identity): IntendedOp[] {
  const { name, delegation, language } = identity;
  return opsOf(fold, person, 'person', { name, delegation, language });
}

export function circleRoot(root: RecordId, name: string): IntendedOp[] {
  return [{ record: root, type: 'circle', field: 'name', over: [], value: name }];
}

/** An administrator's word that a person speaks for a delegation; `confirmation` is a fresh record. */
export function confirmationOps(confirmation: RecordId, person: RecordId, delegation: string): IntendedOp[] {
  const set = (field: string, value: string): IntendedOp => {
    return { record: confirmation, type: 'confirmation', field, over: [], value };
  };
  return [set('person', person), set('delegation', delegation)];
}
