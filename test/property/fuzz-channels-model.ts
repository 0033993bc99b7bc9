/**
 * What the fuzz over all channels expects, kept without any part of the program: every value that was reported written,
 * with its circle, who wrote it, who may never read it, and whether its author had it erased.
 */
import type { RecordId, ReplicaId, VersionId } from '../../shared/ids.ts';
import type { Device } from './fuzz-channels-devices.ts';

export interface Written {
  readonly value: string;
  /** Number of the circle. */
  readonly circle: number;
  readonly record: RecordId;
  readonly version: VersionId;
  readonly by: Device;
  /** False once every disk that held it was lost, or its author had it erased. */
  required: boolean;
  /** Devices that had been removed when it was written, as its author knew, and had no key that it could be sealed with. */
  readonly hiddenFrom: Set<Device>;
  /** The record of the erasure, once it was ordered. */
  erasedBy: RecordId | null;
}

export interface Removal {
  readonly circle: number;
  readonly device: Device;
  readonly by: Device;
  readonly record: RecordId;
  /** What the device was called in the circle, and what that carried on. */
  readonly replicas: ReadonlySet<ReplicaId>;
  /** What it was called before on disks that it lost: for the circle these are other devices, and are kept. */
  readonly kept: ReadonlySet<ReplicaId>;
  /** Values of the device that who removed it had: these count, later ones do not. */
  readonly counted: ReadonlySet<string>;
  /** Lost with a disk before anybody else had it. */
  required: boolean;
}

/** A document that somebody brought in. The same file may be brought in by several. */
export interface Original {
  readonly circle: number;
  /** What the file holds, and its SHA-256. */
  readonly text: string;
  readonly hash: string;
  readonly by: Device;
  readonly record: RecordId;
  readonly version: VersionId;
  /** False once every disk that held record or file was lost, or whoever brought it in had it erased. */
  required: boolean;
  erasedBy: RecordId | null;
}

export interface Erasure {
  readonly circle: number;
  readonly by: Device;
  readonly record: RecordId;
  required: boolean;
}

export interface Model {
  readonly written: Written[];
  readonly removals: Removal[];
  readonly erasures: Erasure[];
  /** Devices that have a seat in each circle, by the circle's number. */
  readonly members: Set<Device>[];
  /** Which devices are copies of one, directly or over others: what befalls one replica befalls what carries it on. */
  readonly families: Map<Device, Set<Device>>;
  readonly originals: Original[];
  /** Changes of a newer program that were put, by circle. */
  readonly newer: { readonly circle: number; readonly hash: string }[];
}

export function createModel(circles: number): Model {
  return {
    written: [],
    removals: [],
    erasures: [],
    members: Array.from({ length: circles }, () => new Set<Device>()),
    families: new Map(),
    originals: [],
    newer: [],
  };
}

/** Values look alike in every circle: `v`, the seed, a number, and letters that occur nowhere else. */
export const valuePattern = /v\d+-\d+-[a-z]{8}/g;

export function isRemovedFrom(model: Model, circle: number, device: Device): boolean {
  return model.removals.some((removal) => removal.circle === circle && removal.device === device);
}

export function familyOf(model: Model, device: Device): Set<Device> {
  const family = model.families.get(device) ?? new Set([device]);
  model.families.set(device, family);
  return family;
}

/** A copied device and its copy share a family from then on. */
export function joinFamilies(model: Model, one: Device, other: Device): void {
  const all = new Set([...familyOf(model, one), ...familyOf(model, other)]);
  for (const each of all) model.families.set(each, all);
}
