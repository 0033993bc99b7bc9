/** The keys of a second device's replica in a circle, which both devices make from the seed of a device code (SY47). */
import { createHmac } from 'node:crypto';
import type { CircleId } from '../../../shared/ids.ts';
import { replicaKeys, type ReplicaKeys } from './replica-keys.ts';

export function companionKeys(seed: Uint8Array, circle: CircleId): ReplicaKeys {
  const keyOf = (use: string): Uint8Array =>
    new Uint8Array(createHmac('sha256', seed).update(`${use} ${circle}`).digest());
  return replicaKeys(keyOf('signing'), keyOf('sealing'));
}
