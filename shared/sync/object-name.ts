/**
 * The names of objects on a remote. A name says what the object is, whose, and which changes it covers, and ends in a
 * hash of the object's own bytes, so that a damaged or half-written file is noticed before anything is opened.
 * Rules SY1 to SY5 of SPEC.md.
 */
import type { ReplicaId } from '../ids.ts';
import { base32 } from '../ids.ts';

/** Characters of a hash in a name: 130 bits of SHA-256. */
export const nameHashLength = 26;

export const prefixes = ['heads/', 'segments/', 'receipts/', 'blobs/'] as const;
export type Prefix = (typeof prefixes)[number];

export const circleObjectName = 'circle';

export type ObjectName =
  | { readonly kind: 'circle'; readonly name: string }
  | {
      readonly kind: 'head';
      readonly name: string;
      readonly replica: ReplicaId;
      readonly seq: number;
      readonly hash: string;
    }
  | {
      readonly kind: 'segment';
      readonly name: string;
      readonly replica: ReplicaId;
      readonly from: number;
      readonly to: number;
      readonly hash: string;
    }
  | { readonly kind: 'receipt'; readonly name: string; readonly replica: ReplicaId; readonly number: number }
  | { readonly kind: 'blob'; readonly name: string; readonly hash: string }
  | {
      readonly kind: 'part';
      readonly name: string;
      /** The name of the blob that it is a part of. */
      readonly blob: string;
      /** From 1. */
      readonly number: number;
      readonly of: number;
      /** Of the whole blob's bytes: parts of two that were sealed differently never mix. */
      readonly hash: string;
    };

const id = '([a-z2-7]{26})';
const count = '([1-9][0-9]{0,14})';
const headPattern = new RegExp(`^heads/${id}-${count}-${id}$`);
const segmentPattern = new RegExp(`^segments/${id}-${count}-${count}-${id}$`);
const receiptPattern = new RegExp(`^receipts/${id}-${count}$`);
const blobPattern = new RegExp(`^blobs/${id}$`);
const partPattern = new RegExp(`^(blobs/${id})-${count}-${count}-${id}$`);

export function headName(replica: ReplicaId, seq: number, hash: string): string {
  return `heads/${replica}-${seq}-${hash}`;
}
export function segmentName(replica: ReplicaId, from: number, to: number, hash: string): string {
  return `segments/${replica}-${from}-${to}-${hash}`;
}
export function receiptName(replica: ReplicaId, number: number): string {
  return `receipts/${replica}-${number}`;
}
export function blobName(hash: string): string {
  return `blobs/${hash}`;
}
export function partName(blob: string, number: number, of: number, hash: string): string {
  return `${blob}-${number}-${of}-${hash}`;
}

/** The hash that stands in a name, of the object's SHA-256. */
export function nameHash(sha256: Uint8Array): string {
  return base32(sha256).slice(0, nameHashLength);
}

/** Null for anything that is not exactly a name of this format: a conflict copy, a partial file, something else. */
export function parseObjectName(name: string): ObjectName | null {
  if (name === circleObjectName) return { kind: 'circle', name };
  const head = headPattern.exec(name);
  if (head) return { kind: 'head', name, replica: head[1] as ReplicaId, seq: Number(head[2]), hash: head[3]! };
  const segment = segmentPattern.exec(name);
  if (segment) {
    const from = Number(segment[2]);
    const to = Number(segment[3]);
    if (from > to) return null;
    return { kind: 'segment', name, replica: segment[1] as ReplicaId, from, to, hash: segment[4]! };
  }
  const receipt = receiptPattern.exec(name);
  if (receipt) return { kind: 'receipt', name, replica: receipt[1] as ReplicaId, number: Number(receipt[2]) };
  const blob = blobPattern.exec(name);
  if (blob) return { kind: 'blob', name, hash: blob[1]! };
  const part = partPattern.exec(name);
  if (!part) return null;
  const [number, of] = [Number(part[3]), Number(part[4])];
  return number > of ? null : { kind: 'part', name, blob: part[1]!, number, of, hash: part[5]! };
}
