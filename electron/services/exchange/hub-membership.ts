/**
 * Keeps the hub's list of devices in step with the circle: what the circle's records say of removals and administrators,
 * an administrator's workbench tells the hub after an exchange. The records decide; the hub only follows.
 */
import type { RecordId, ReplicaId } from '../../../shared/ids.ts';
import { awayCodes } from '../../../shared/sync/remote-store.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { listedDevices } from '../circles/listed-devices.ts';
import type { OpenedCircle } from '../circles/open-circle.ts';
import type { HubSession } from './hub-session.ts';

export interface HubMembership {
  /** Does nothing for a device that is no administrator, or when nothing has changed since the last time. */
  settle(): Promise<void>;
}

interface ListedDevice {
  readonly replica: ReplicaId;
  readonly role: 'administrator' | 'member';
  readonly removedAt: number | null;
}

type Facts = Pick<OpenedCircle, 'replica' | 'fold'>;

export function createHubMembership(circle: Facts, session: HubSession): HubMembership {
  let settled = '';

  /** What the hub ought to know, by the circle's records. */
  function wanted() {
    const { fold } = circle;
    const removed = [...new Set(fold.removals().map(({ replica }) => replica))].sort();
    const present = fold.replicas().filter((replica) => !removed.includes(replica));
    const administrators = present.filter((replica) => fold.isAdministrator(replica)).sort();
    const isConfirmed = (person: RecordId | null): boolean => person !== null && fold.delegationsOf(person).length > 0;
    const members = present.filter((replica) => isConfirmed(fold.personOf(replica)));
    // A second device has to be let in before it can say who it is. One whose code was withdrawn is listed no more.
    const listed = fold
      .recordsOfType('person')
      .filter(({ id }) => isConfirmed(id))
      .flatMap(({ id }) => listedDevices(fold, id))
      .filter((replica) => !removed.includes(replica));
    return { removed, administrators, members: [...new Set([...members, ...listed])].sort() };
  }

  async function act({ removed, administrators, members }: ReturnType<typeof wanted>): Promise<void> {
    const { json } = await session.send({ method: 'GET', path: '/devices' });
    const listed = (json['devices'] ?? []) as readonly ListedDevice[];
    const known = new Map(listed.map((device) => [device.replica, device]));
    // Made an administrator in the circle a moment ago: one whom the hub knows as such tells it.
    if (known.get(circle.replica)?.role !== 'administrator') return;
    for (const replica of removed) {
      if (known.get(replica)?.removedAt !== null) continue;
      await session.send({ method: 'DELETE', path: `/devices/${replica}` });
    }
    const admit = (replica: ReplicaId, role: ListedDevice['role']) =>
      session.send({ method: 'PUT', path: `/devices/${replica}`, json: { role } });
    for (const replica of administrators) {
      const device = known.get(replica);
      // Whom somebody removed on the hub alone stays removed there, until a person admits them again.
      const isFit = device === undefined ? members.includes(replica) : device.removedAt === null;
      if (isFit && device?.role !== 'administrator') await admit(replica, 'administrator');
    }
    for (const replica of members) {
      if (!known.has(replica) && !administrators.includes(replica)) await admit(replica, 'member');
    }
  }

  return {
    async settle() {
      if (!circle.fold.isAdministrator(circle.replica)) return;
      const facts = wanted();
      const digest = JSON.stringify(facts);
      if (digest === settled) return;
      try {
        await act(facts);
        settled = digest;
      } catch (error) {
        // The connection broke: after the next exchange it is tried again.
        if (!(error instanceof WorkbenchError && awayCodes.has(error.code))) throw error;
      }
    },
  };
}
