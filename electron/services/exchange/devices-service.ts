/** Devices, administrators, keys and erasure, as the page asks for them. */
import type { circlesContract, CircleView } from '../../../shared/contract/circles.ts';
import type { ServiceImplementation } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { CircleId, RecordId, ReplicaId, VersionId } from '../../../shared/ids.ts';
import type { FieldState } from '../../../shared/records/fold.ts';
import { removalOver, type IntendedOp } from '../../../shared/records/writer.ts';
import { originalsOf } from '../circles/erased-originals.ts';
import type { OpenedCircle } from '../circles/open-circle.ts';
import type { OpenedCircles } from '../circles/open-circles.ts';
import { erasureView } from './device-views.ts';

type Service = ServiceImplementation<typeof circlesContract>;
export type DeviceOperations = Pick<
  Service,
  'removeDevice' | 'acceptLater' | 'admitDevice' | 'rotateKey' | 'grantAdministrator' | 'erase' | 'erasureStatus'
>;

export interface DevicesOptions {
  readonly circles: OpenedCircles;
  readonly view: (circle: OpenedCircle) => Promise<CircleView>;
  readonly announceSoon: () => void;
  /** The circle that is meant, if it is one that may be shared. Fails with `invalid-state`, `not-found`. */
  readonly shared: (id: CircleId) => OpenedCircle;
  /** Takes in what others have put, as far as it can be reached: whoever is not known here is locked out. */
  readonly fetchFirst: (circle: OpenedCircle) => Promise<void>;
  /** Whether a device has said, in any receipt that came, that it carried an erasure out. */
  readonly hasErased: (circle: OpenedCircle) => Promise<(replica: ReplicaId, erasure: RecordId) => boolean>;
}

/** A list in one record stays readable for every program. */
const mostTargets = 5000;

export function createDeviceOperations(options: DevicesOptions): DeviceOperations {
  const { circles, view, announceSoon, shared } = options;

  function administered(id: CircleId): OpenedCircle {
    const circle = shared(id);
    if (circle.fold.isAdministrator(circle.replica) && circle.fold.limitOf(circle.replica) === null) return circle;
    const message = 'Only administrators of the circle may do this. Nothing was changed; ask one of them.';
    throw new WorkbenchError('not-allowed', message, { circle: id });
  }

  function requireDevice({ fold }: OpenedCircle, device: ReplicaId): void {
    if (fold.replicas().includes(device)) return;
    throw new WorkbenchError('not-found', `There is no device ${device} in this circle.`, { device });
  }

  async function done(circle: OpenedCircle): Promise<CircleView> {
    announceSoon();
    return view(circle);
  }

  /** The values of records, with those of what belongs to them, as far as they are this person's to erase. */
  function targetsOf({ fold, replica }: OpenedCircle, records: readonly RecordId[]): VersionId[] {
    const all = new Set(records);
    for (const id of all) {
      for (const type of ['block', 'footnote', 'reply']) {
        for (const child of fold.children(type, id, { withRemoved: true })) all.add(child.id);
      }
    }
    const targets: VersionId[] = [];
    for (const id of all) {
      for (const field of fold.record(id)?.fields.keys() ?? []) {
        if (field === 'removed') continue;
        for (const version of fold.history(id, field)) {
          if (!version.erased && fold.mayErase(replica, version.id)) targets.push(version.id);
        }
      }
    }
    return targets;
  }

  return {
    async removeDevice({ circle: id, device, reason }) {
      const circle = administered(id);
      if (device === circle.replica) {
        const message =
          'A device cannot remove itself: nobody would be left here to seal the new key. Use another one.';
        throw new WorkbenchError('invalid-state', message, { device });
      }
      await options.fetchFirst(circle);
      requireDevice(circle, device);
      await circle.write(await circle.epochs.removalOps(device, reason));
      await circle.tendKeys();
      return done(circle);
    },

    async acceptLater({ circle: id, device, last }) {
      const circle = administered(id);
      requireDevice(circle, device);
      const link = circle.fold.setAsideOf(device).find(({ hash }) => hash === last);
      if (!link) {
        const message = 'This change is not one that was set aside. Nothing was changed; look at the device again.';
        throw new WorkbenchError('not-found', message, { device });
      }
      if (circle.fold.limitOf(device)?.reason !== 'removed') {
        const message =
          'This device was not removed; it waits to be admitted. Admit it, and everything it wrote counts.';
        throw new WorkbenchError('invalid-state', message, { device });
      }
      const value = { replica: device, last, seq: link.seq, kept: [] };
      const record = circle.newId();
      await circle.write([{ record, type: 'removal-of-device', field: 'device', over: [], value }]);
      return done(circle);
    },

    async admitDevice({ circle: id, device }) {
      const circle = administered(id);
      requireDevice(circle, device);
      if (circle.fold.limitOf(device)?.reason !== 'not-admitted') {
        const message =
          'This device does not wait to be admitted. A removed one takes part again with a new invitation.';
        throw new WorkbenchError('invalid-state', message, { device });
      }
      await circle.epochs.admit(device);
      return done(circle);
    },

    async rotateKey({ circle: id }) {
      const circle = administered(id);
      await options.fetchFirst(circle);
      await circle.write(await circle.epochs.openingOps(new Set()));
      await circle.tendKeys();
      return done(circle);
    },

    async grantAdministrator({ circle: id, person }) {
      const circle = administered(id);
      if (circle.fold.record(person)?.type !== 'person') {
        throw new WorkbenchError('not-found', `There is no person ${person} in this circle.`, { person });
      }
      if (!circle.fold.administrators().includes(person)) {
        await circle.write([{ record: circle.newId(), type: 'grant', field: 'person', over: [], value: person }]);
      }
      return done(circle);
    },

    async erase({ circle: id, records, versions, reason }) {
      const circle = circles.get(id);
      await circles.prepareExchange(circle);
      const { fold } = circle;
      for (const record of records) {
        if (fold.record(record) === null) {
          throw new WorkbenchError('not-found', `There is no record ${record} in this circle.`, { record });
        }
      }
      for (const version of versions) {
        const known = fold.version(version);
        if (known === null) throw new WorkbenchError('not-found', `There is no version ${version} here.`, { version });
        if (!fold.mayErase(circle.replica, version)) throw notYours(known.record);
      }
      const targets = [...new Set([...versions, ...targetsOf(circle, records)])];
      if (targets.length === 0) throw notYours(records[0] ?? '');
      const taken = new Set(targets);
      const originals = new Set(
        records
          .map((id) => fold.record(id)!)
          .filter(
            ({ type, fields }) => type === 'document' && headsOf(fields.get('document')).some((id) => taken.has(id)),
          )
          .flatMap(originalsOf),
      );
      const ops: IntendedOp[] = [];
      for (let from = 0; from < targets.length; from += mostTargets) {
        const record = circle.newId();
        const value = targets.slice(from, from + mostTargets);
        ops.push({ record, type: 'erasure', field: 'targets', over: [], value });
        // Afterwards nothing else says which they were.
        if (from === 0 && originals.size > 0)
          ops.push({ record, type: 'erasure', field: 'originals', over: [], value: [...originals] });
        if (reason !== '') ops.push({ record, type: 'erasure', field: 'reason', over: [], value: reason });
      }
      // What is left of a record without its values is shown to nobody.
      for (const record of records) {
        const { type, removed } = fold.record(record)!;
        if (removed || !fold.mayWrite(circle.replica, record, type, 'removed')) continue;
        ops.push({ record, type, field: 'removed', over: removalOver(fold, record), value: true });
      }
      const [first] = ops;
      await circle.write(ops);
      announceSoon();
      const made = fold.erasures().find(({ record }) => record === first!.record)!;
      const hasErased = await options.hasErased(circle);
      return erasureView(circle, made, (replica) => hasErased(replica, made.record));
    },

    async erasureStatus({ circle: id }) {
      const circle = circles.get(id);
      const hasErased = await options.hasErased(circle);
      const newestFirst = circle.fold.erasures().sort((a, b) => b.at - a.at);
      return {
        erasures: await Promise.all(
          newestFirst.map((each) => erasureView(circle, each, (replica) => hasErased(replica, each.record))),
        ),
      };
    },
  };
}

function headsOf(field: FieldState | undefined): VersionId[] {
  return field?.heads.map(({ id }) => id) ?? [];
}

function notYours(record: string): WorkbenchError {
  const message =
    'Only who wrote a value, or made the record it stands in, may have it erased. Nothing was changed; ask that person.';
  return new WorkbenchError('not-allowed', message, { record });
}
