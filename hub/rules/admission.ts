/**
 * Who may do what in a circle on this hub: its founder proves who they are by the circle's own id, administrators admit
 * and remove, an invitation admits one device, and a device carries on the one it proves to be. HB10 to HB16 of SPEC.md.
 */
import { creatorOf, type CircleId, type RecordId, type ReplicaId } from '../../shared/ids.ts';
import { continuationMessage } from '../../shared/records/authority.ts';
import { circleIdOf } from '../../shared/records/change.ts';
import type { ContinuationProof } from '../../shared/sync/hub-protocol.ts';
import { HubError } from '../hub-error.ts';
import type { Caller, DeviceAccount, ObjectFacts, Role, Seen, Storage } from '../storage/storage.ts';
import { isSignedBy } from './signatures.ts';
import { invitationHash, newInvitationToken } from './tokens.ts';

const longestInvitationSeconds = 90 * 24 * 3600;
export const usualInvitationSeconds = 14 * 24 * 3600;

export interface Admission {
  /** The device, if it may take part now. Fails with `circle-unknown`, `not-admitted`, `device-removed`. */
  require(circle: CircleId, replica: ReplicaId): Promise<DeviceAccount>;
  requireAdministrator(circle: CircleId, replica: ReplicaId): Promise<DeviceAccount>;
  /** The same for what the storage saw together with who asked. */
  requireCaller<Found>(
    circle: CircleId,
    seen: Seen<Found>,
  ): Promise<{ readonly caller: Caller; readonly found: Found }>;
  /** True when the circle is new here. Fails with `not-founder`, `code-needed`, `invitation-used`, `invitation-unknown`. */
  found(circle: CircleId, founder: ReplicaId, root: RecordId, code: string | null): Promise<boolean>;
  redeem(circle: CircleId, replica: ReplicaId, token: string): Promise<DeviceAccount>;
  /** Fails with `circle-unknown`, `invitation-used`, `invitation-unknown`. */
  checkToken(circle: CircleId, token: string): Promise<void>;
  /** Fails with `proof-wrong`, `not-admitted`, `device-removed`. */
  carryOn(circle: CircleId, replica: ReplicaId, proof: ContinuationProof): Promise<DeviceAccount>;
  admit(circle: CircleId, replica: ReplicaId, role: Role, by: string): Promise<DeviceAccount>;
  /** Fails with `last-administrator`. */
  remove(circle: CircleId, replica: ReplicaId, by: string): Promise<void>;
  /** The token is shown once and kept nowhere. */
  invite(
    circle: CircleId | null,
    by: string,
    options: { readonly role?: Role; readonly seconds?: number },
  ): Promise<{ readonly token: string; readonly expiresInSeconds: number }>;
  /** Whether a device may remove an object. */
  mayRemove(circle: CircleId, device: Caller, object: ObjectFacts): Promise<boolean>;
}

export function createAdmission(
  storage: Storage,
  options: { readonly clock: () => number; readonly openToAll: boolean },
): Admission {
  const { clock, openToAll } = options;
  const { circles, devices, tokens } = storage;

  const requireDevice = async (circle: CircleId, replica: ReplicaId): Promise<DeviceAccount> =>
    requireAdmitted(circle, await devices.device(circle, replica));

  async function requireAdmitted<Device extends Caller>(circle: CircleId, device: Device | null): Promise<Device> {
    if (device === null) {
      if ((await circles.circle(circle)) === null) throw circleUnknown();
      throw new HubError('not-admitted', 'This device is not admitted to the circle. Ask an administrator of it.');
    }
    if (device.removedAt !== null) {
      throw new HubError('device-removed', 'This device was removed from the circle by an administrator.');
    }
    return device;
  }

  /** The device and those it carries on. */
  async function lineage(circle: CircleId, device: Caller): Promise<Set<ReplicaId>> {
    const reached = new Set([device.replica]);
    let { carriesOn } = device;
    while (carriesOn !== null && !reached.has(carriesOn)) {
      reached.add(carriesOn);
      carriesOn = (await devices.device(circle, carriesOn))?.carriesOn ?? null;
    }
    return reached;
  }

  return {
    require: requireDevice,

    async requireCaller(circle, { caller, found }) {
      return { caller: await requireAdmitted(circle, caller), found };
    },

    async requireAdministrator(circle, replica) {
      const device = await requireDevice(circle, replica);
      if (device.role === 'administrator') return device;
      throw new HubError('not-administrator', 'Only administrators of the circle may do this.');
    },

    async found(circle, founder, root, code) {
      if (circleIdOf(root) !== circle || creatorOf(root) !== founder) {
        throw new HubError('not-founder', 'Only the device that founded the circle can set it up here.');
      }
      if (await circles.circle(circle)) {
        await requireDevice(circle, founder);
        return false;
      }
      if (!openToAll && code === null) {
        throw new HubError('code-needed', 'To set up a circle here, ask whoever runs this hub for a founding code.');
      }
      const hash = openToAll ? null : invitationHash(code!);
      const result = await circles.found({ id: circle, root, founder, at: clock() }, hash);
      if (result === 'unknown' || result === 'used') refuseInvitation(result);
      return result === 'founded';
    },

    async redeem(circle, replica, token) {
      const result = await tokens.redeem(circle, invitationHash(token), replica, clock());
      if (result === 'used' || result === 'unknown') refuseInvitation(result);
      return requireDevice(circle, replica);
    },

    async checkToken(circle, token) {
      if (!(await circles.circle(circle))) throw circleUnknown();
      const state = await tokens.look(circle, invitationHash(token), clock());
      if (state !== 'good') refuseInvitation(state);
    },

    async carryOn(circle, replica, proof) {
      const message = continuationMessage(circle, proof.replica, replica);
      if (proof.replica === replica || !isSignedBy(proof.replica, proof.key, message, proof.signature)) {
        throw new HubError('proof-wrong', 'The proof is not signed by the device that is to be carried on.');
      }
      // An administrator may have let it in before it could say whom it carries on.
      const known = (await devices.device(circle, replica)) && (await requireDevice(circle, replica));
      if (known !== null && known.carriesOn !== null) return known;
      const earlier = await requireDevice(circle, proof.replica);
      const role = known?.role === 'administrator' ? known.role : earlier.role;
      await devices.admit(circle, { replica, role, admittedBy: proof.replica, carriesOn: proof.replica, at: clock() });
      return requireDevice(circle, replica);
    },

    async admit(circle, replica, role, by) {
      await devices.admit(circle, { replica, role, admittedBy: by, carriesOn: null, at: clock() });
      return requireDevice(circle, replica);
    },

    async remove(circle, replica, by) {
      const result = await devices.removeDevice(circle, replica, by, clock());
      if (result !== 'last-administrator') return;
      const message = 'This is the last administrator: nobody could admit anybody any more. Nothing was changed.';
      throw new HubError('last-administrator', message);
    },

    async invite(circle, by, { role = 'member', seconds = usualInvitationSeconds }) {
      const token = newInvitationToken();
      const expiresInSeconds = Math.min(seconds, longestInvitationSeconds);
      const expiresAt = clock() + expiresInSeconds * 1000;
      await tokens.invite({ circle, hash: invitationHash(token), role, by, expiresAt });
      return { token, expiresInSeconds };
    },

    async mayRemove(circle, device, { signer, carrier }) {
      const ours = await lineage(circle, device);
      if (ours.has(carrier) || (signer !== null && ours.has(signer))) return true;
      if (device.role !== 'administrator') return false;
      // Of the others, administrators clear away what nobody else can: unsigned objects, and those of removed devices.
      if (signer === null) return true;
      const owners = await Promise.all([signer, carrier].map((owner) => devices.device(circle, owner)));
      return owners.some((owner) => owner !== null && owner.removedAt !== null);
    },
  };
}

function circleUnknown(): HubError {
  return new HubError('circle-unknown', 'This hub does not hold the circle. Its founder has to set it up here.');
}

function refuseInvitation(result: 'used' | 'unknown'): never {
  throw result === 'used'
    ? new HubError('invitation-used', 'This invitation was used already; each works once. Ask for a new one.')
    : new HubError('invitation-unknown', 'This invitation is not known here, or it has run out. Ask for a new one.');
}
