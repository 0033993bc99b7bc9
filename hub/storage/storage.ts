/**
 * What a hub keeps, as ports by role: objects, accounts, news. Implementations pass test/contract/hub-storage-suite.ts.
 * Times are milliseconds since 1970 and come from the caller.
 */
import type { CircleId, RecordId, ReplicaId } from '../../shared/ids.ts';
import type { Prefix } from '../../shared/sync/object-name.ts';

export type Role = 'administrator' | 'member';

export interface NewObject {
  readonly circle: CircleId;
  readonly name: string;
  /** Who signed it; null for what nobody signs. */
  readonly signer: ReplicaId | null;
  /** The device that brings it: its quota is charged. */
  readonly carrier: ReplicaId;
  readonly bytes: Uint8Array;
  readonly at: number;
}

export interface Quota {
  readonly circleBytes: number;
  readonly deviceBytes: number;
  readonly deviceObjects: number;
}

export type PutResult = 'stored' | 'present' | 'not-admitted' | 'device-full' | 'circle-full';

export interface ObjectFacts {
  readonly name: string;
  readonly sizeBytes: number;
  readonly signer: ReplicaId | null;
  readonly carrier: ReplicaId;
}

export interface ObjectPart {
  /** Of the whole object. */
  readonly sizeBytes: number;
  readonly bytes: Uint8Array;
}

/** The device that asks, as it is listed at the moment of the answer. */
export type Caller = Pick<DeviceAccount, 'replica' | 'role' | 'carriesOn' | 'removedAt' | 'bytes'>;

/** Who asks and what is found, seen in one look: nothing can change between the two, and it costs one way to the database. */
export interface Seen<Found> {
  /** Null: not listed. */
  readonly caller: Caller | null;
  readonly found: Found;
}

export interface ObjectStorage {
  /** All or nothing, and nothing over what stands there. A head that was stored becomes news. */
  put(object: NewObject, quota: Quota): Promise<PutResult>;
  facts(circle: CircleId, name: string): Promise<ObjectFacts | null>;
  /** The bytes from `offset` on, at most `lengthBytes`; null when the object is not there (any more). */
  read(circle: CircleId, name: string, offset: number, lengthBytes: number): Promise<ObjectPart | null>;
  /** In order of names, those after `after`. */
  list(circle: CircleId, prefix: Prefix | '', after: string, limit: number): Promise<readonly ObjectFacts[]>;
  /** `facts`, `read` and `list` for a device; what was found is for the one who asked only when `caller` is admitted. */
  factsFor(circle: CircleId, replica: ReplicaId, name: string): Promise<Seen<ObjectFacts | null>>;
  readFor(
    circle: CircleId,
    replica: ReplicaId,
    name: string,
    part: { readonly offset: number; readonly lengthBytes: number },
  ): Promise<Seen<ObjectPart | null>>;
  listFor(
    circle: CircleId,
    replica: ReplicaId,
    prefix: Prefix,
    page: { readonly after: string; readonly limit: number },
  ): Promise<Seen<readonly ObjectFacts[]>>;
  /** False when it was not there. */
  remove(circle: CircleId, name: string): Promise<boolean>;
  /** Drops bytes that a crash before `before` left without an object. Returns how many. */
  sweep(before: number): Promise<number>;
}

export interface CircleAccount {
  readonly id: CircleId;
  readonly root: RecordId;
  readonly foundedAt: number;
  /** When something was last put. */
  readonly usedAt: number;
  readonly bytes: number;
  readonly objects: number;
}

export interface DeviceAccount {
  readonly replica: ReplicaId;
  readonly role: Role;
  readonly admittedAt: number;
  /** A replica, or `operator`. */
  readonly admittedBy: string;
  /** The replica that this one carries on. */
  readonly carriesOn: ReplicaId | null;
  readonly removedAt: number | null;
  readonly removedBy: string | null;
  readonly bytes: number;
  readonly objects: number;
}

export interface InvitationRequest {
  /** Null: it lets somebody found a circle here. */
  readonly circle: CircleId | null;
  /** SHA-256 of the token in hexadecimal: whoever reads the database can use none. */
  readonly hash: string;
  readonly role: Role;
  readonly by: string;
  readonly expiresAt: number;
}

export type Redeemed = 'admitted' | 'already' | 'used' | 'unknown' | 'removed';

export interface CircleStorage {
  /** Null code: anybody may found. */
  found(
    circle: { readonly id: CircleId; readonly root: RecordId; readonly founder: ReplicaId; readonly at: number },
    codeHash: string | null,
  ): Promise<'founded' | 'exists' | 'used' | 'unknown'>;
  circle(id: CircleId): Promise<CircleAccount | null>;
  circles(): Promise<readonly CircleAccount[]>;
  /** With everything in it. */
  dropCircle(id: CircleId): Promise<boolean>;
  totals(): Promise<{ circles: number; devices: number; objects: number; bytes: number }>;
}

export interface DeviceStorage {
  device(circle: CircleId, replica: ReplicaId): Promise<DeviceAccount | null>;
  devices(circle: CircleId): Promise<readonly DeviceAccount[]>;
  /** Admits, admits again, or gives another role. */
  admit(
    circle: CircleId,
    device: Pick<DeviceAccount, 'replica' | 'role' | 'admittedBy' | 'carriesOn'> & { readonly at: number },
  ): Promise<void>;
  /** `last-administrator`: nobody could admit anybody any more, so nothing was changed. */
  removeDevice(
    circle: CircleId,
    replica: ReplicaId,
    by: string,
    at: number,
  ): Promise<'removed' | 'not-there' | 'last-administrator'>;
}

export interface TokenStorage {
  invite(invitation: InvitationRequest): Promise<void>;
  /** Single use; a second time by the same device is no error, because the first answer may have been lost. */
  redeem(circle: CircleId, hash: string, replica: ReplicaId, at: number): Promise<Redeemed>;
  /** Whether `redeem` would admit another device. */
  look(circle: CircleId, hash: string, at: number): Promise<'good' | 'used' | 'unknown'>;
  /** Makes all unused invitations of a circle void. Returns how many. */
  revokeInvitations(circle: CircleId): Promise<number>;
  /** True the first time. */
  useChallenge(challenge: string, expiresAt: number): Promise<boolean>;
  /** Forgets what has run out. Returns how many. */
  forgetExpired(at: number): Promise<number>;
}

/** For backups: everything as it stands, and back into an empty storage. */
export interface ArchiveStorage {
  invitations(): Promise<readonly ArchivedInvitation[]>;
  restoreCircle(circle: CircleAccount): Promise<void>;
  restoreDevice(circle: CircleId, device: DeviceAccount): Promise<void>;
  restoreInvitation(invitation: ArchivedInvitation): Promise<void>;
  /** Without quotas and news; counts as the device's and the circle's. */
  restoreObject(object: NewObject): Promise<void>;
}

export interface ArchivedInvitation extends InvitationRequest {
  readonly usedBy: ReplicaId | null;
  readonly usedAt: number | null;
}

/** What happened in any process on this storage. */
export type Notice =
  | { readonly kind: 'head'; readonly circle: CircleId; readonly name: string }
  | { readonly kind: 'devices'; readonly circle: CircleId; readonly removed: ReplicaId | null };

export interface Storage {
  readonly objects: ObjectStorage;
  readonly circles: CircleStorage;
  readonly devices: DeviceStorage;
  readonly tokens: TokenStorage;
  readonly archive: ArchiveStorage;
  /** The same on all processes: what tokens are made with. 32 bytes. */
  readonly secret: Uint8Array;
  /** `onGap`: notices may have been missed. Once per storage. */
  listen(onNotice: (notice: Notice) => void, onGap: () => void): Promise<void>;
  /** Fails with `storage-away` when the database cannot be reached. */
  check(): Promise<void>;
  close(): Promise<void>;
}
