/** Changes made by hand by a few replicas with short names, folded at once: for tests of the rules of the change log. */
import type { Json, RecordId, ReplicaId, VersionId } from '../../shared/ids.ts';
import { circleIdOf, createChange, versionIdOf, type Change } from '../../shared/records/change.ts';
import { createFold, type Fold } from '../../shared/records/fold.ts';
import type { VerifySignature } from '../../shared/records/authority.ts';

export type GivenOp = readonly [
  record: RecordId,
  type: string,
  field: string,
  value: unknown,
  over?: readonly VersionId[],
];

export interface Made {
  readonly change: Change;
  readonly versions: readonly [VersionId, ...VersionId[]];
}

export const replicaNamed = (letter: string): ReplicaId => letter.repeat(26) as ReplicaId;
export const recordNamed = (replica: ReplicaId, name: string): RecordId =>
  `${replica}.${name.padEnd(10, '2')}` as RecordId;
export const founder = replicaNamed('a');
export const root = recordNamed(founder, 'root');
export const circle = circleIdOf(root);

export interface ChangeWorld {
  readonly fold: Fold;
  /** All changes made, folded or not. */
  readonly changes: Change[];
  make(replica: ReplicaId, ...ops: GivenOp[]): Made;
  /** Makes a change and folds it. */
  say(replica: ReplicaId, ...ops: GivenOp[]): Made;
  /** A device card and a person for a replica; the founder names the circle as well. */
  introduce(...replicas: ReplicaId[]): void;
}

export function createChangeWorld(verify?: VerifySignature): ChangeWorld {
  const fold = createFold({ circle, ...(verify ? { verify } : {}) });
  const changes: Change[] = [];
  const chains = new Map<ReplicaId, { seq: number; prev: Change['prev'] }>();
  let counter = 0;
  const random = (length: number): Uint8Array => Uint8Array.from({ length }, () => (counter += 1) & 255);

  function make(replica: ReplicaId, ...given: GivenOp[]): Made {
    const chain = chains.get(replica) ?? { seq: 1, prev: null };
    const ops = given.map(([record, type, field, value, over = []]) => {
      return { record, type, field, value: value as Json, over };
    });
    const { change } = createChange({ circle, replica, ...chain, at: (counter += 1), ops }, random);
    chains.set(replica, { seq: chain.seq + 1, prev: change.hash });
    changes.push(change);
    const versions = ops.map((_, index) => versionIdOf(change.hash, index));
    return { change, versions: versions as [VersionId, ...VersionId[]] };
  }

  function say(replica: ReplicaId, ...ops: GivenOp[]): Made {
    const made = make(replica, ...ops);
    fold.add(made.change);
    return made;
  }

  return {
    fold,
    changes,
    make,
    say,
    introduce(...replicas) {
      for (const replica of replicas) {
        const person = recordNamed(replica, 'person');
        say(replica, [recordNamed(replica, 'card'), 'device', 'person', person]);
        if (replica === founder) say(replica, [root, 'circle', 'name', 'Region']);
      }
    },
  };
}
