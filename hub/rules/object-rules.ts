/**
 * What may be put: an object that is what its name says, of the circle it is put to, signed by whom it names. The hub
 * reads the header and no more; it has no key. Rules HB21 to HB23 of SPEC.md.
 */
import type { CircleId, ReplicaId } from '../../shared/ids.ts';
import { decodeCircleObject } from '../../shared/sync/circle-object.ts';
import { nameHash, parseObjectName, type ObjectName } from '../../shared/sync/object-name.ts';
import { readPart } from '../../shared/sync/object-parts.ts';
import { readHeader, type ObjectHeader } from '../../shared/sync/object-format.ts';
import { HubError } from '../hub-error.ts';
import { isSignature, sha256 } from './signatures.ts';

/** Fails with `invalid-input`: not a name of the format. */
export function requireObjectName(name: string): ObjectName {
  const parsed = parseObjectName(name);
  if (!parsed) throw new HubError('invalid-input', 'This is not the name of an object.');
  return parsed;
}

/** Who signed the object; null for what nobody signs. Fails with `object-invalid`. */
export function checkObject(circle: CircleId, name: ObjectName, bytes: Uint8Array): ReplicaId | null {
  if (name.kind === 'circle') {
    const decoded = decodeCircleObject(bytes);
    if (!decoded.ok || decoded.content.circle !== circle) invalid('The object `circle` is not that of this circle.');
    return null;
  }
  if ((name.kind === 'head' || name.kind === 'segment') && name.hash !== nameHash(sha256(bytes))) {
    invalid('The bytes are not those that the name stands for.');
  }
  if (name.kind === 'part') {
    const part = readPart(bytes, { sha256 });
    if (part === null) return invalid('The bytes are no whole part of a blob.');
    if (part.circle !== circle) invalid('The part belongs to another circle.');
    return null;
  }
  const frame = readHeader(bytes, { sha256 });
  if (!frame.ok) return invalid(frame.problem.message);
  const { header, sealedEnd } = frame;
  if (header.circle !== circle) invalid('The object belongs to another circle.');
  if (!fits(name, header)) invalid('The name does not say what the object is.');
  if (header.publicKey === null) return null;
  if (!isSignature(bytes.subarray(0, sealedEnd), bytes.subarray(sealedEnd), header.publicKey)) {
    invalid('The signature is not that of the device in the header.');
  }
  return header.replica;
}

function fits(name: Exclude<ObjectName, { kind: 'circle' | 'part' }>, header: ObjectHeader): boolean {
  switch (name.kind) {
    case 'blob':
      return header.kind === 'blob';
    case 'head':
      return header.kind === 'head' && header.replica === name.replica && header.from === 1 && header.to === name.seq;
    case 'receipt':
      return header.kind === 'receipt' && header.replica === name.replica && header.to === name.number;
    case 'segment':
      return (
        (header.kind === 'segment' || header.kind === 'relay') &&
        header.origin === name.replica &&
        header.from === name.from &&
        header.to === name.to
      );
  }
}

function invalid(message: string): never {
  throw new HubError('object-invalid', message);
}
