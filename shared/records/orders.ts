/** What the rest of the program sees of removals of devices, epochs and erasures that count. */
import type { Json, RecordId, ReplicaId, VersionId } from '../ids.ts';
import { targetsOf } from './erasures.ts';
import type { Opening, RemovalOfDevice } from './judgement.ts';
import type { Facet, Node } from './version-graph.ts';

export interface RemovalState extends RemovalOfDevice {
  readonly record: RecordId;
  readonly by: ReplicaId;
  /** Milliseconds since 1970 by the author's clock: for display. */
  readonly at: number;
  readonly reason: string;
}

export interface EpochState extends Opening {
  readonly record: RecordId;
  readonly by: ReplicaId;
  /** The epoch's key as it was sealed for each device. */
  readonly keys: ReadonlyMap<ReplicaId, string>;
  /** Keys of other epochs, sealed with the key of this one. */
  readonly previous: readonly { readonly epoch: number; readonly key: string }[];
}

export interface ErasureState {
  readonly record: RecordId;
  readonly by: ReplicaId;
  readonly at: number;
  readonly reason: string;
  readonly targets: readonly VersionId[];
  /** SHA-256 (hexadecimal) of the originals of the documents that it takes; what that comes to is RC63. */
  readonly originals: readonly string[];
  /** Those of the targets that are here and were taken. */
  readonly taken: readonly VersionId[];
}

export function removalState(node: Node): RemovalState {
  const removal = node.value as unknown as RemovalOfDevice;
  return { ...removal, record: node.facet.record, by: node.replica, at: node.at, reason: reasonOf(node.facet) };
}

export function epochState(node: Node): EpochState {
  const keys = new Map<ReplicaId, string>();
  for (const [name, value] of counted(node.facet, 'key:')) {
    if (typeof value === 'string') keys.set(name.slice('key:'.length) as ReplicaId, value);
  }
  const previous = counted(node.facet, 'previous').flatMap(([, value]) =>
    Array.isArray(value) ? (value as unknown as { epoch: number; key: string }[]) : [],
  );
  return { ...(node.value as unknown as Opening), record: node.facet.record, by: node.replica, keys, previous };
}

/** `find` gives a version that is here and that the order may take. */
export function erasureState(node: Node, find: (id: VersionId) => Node | undefined): ErasureState {
  const targets = targetsOf(node);
  const taken = targets.filter((id) => find(id)?.erased === true);
  const originals = counted(node.facet, 'originals').flatMap(([, value]) =>
    Array.isArray(value) ? (value as unknown as string[]) : [],
  );
  const { facet, replica: by, at } = node;
  return { record: facet.record, by, at, reason: reasonOf(facet), targets, originals, taken };
}

/** Every version of the fields of that beginning that counts, superseded or not: facts add up. */
function counted(facet: Facet, prefix: string): [string, Json | undefined][] {
  return [...facet.fields.values()]
    .filter((field) => field.name.startsWith(prefix))
    .flatMap((field) => field.nodes.filter((node) => node.counts).map((node) => [field.name, node.value] as const))
    .map(([name, value]) => [name, value]);
}

function reasonOf(facet: Facet): string {
  for (const head of facet.fields.get('reason')?.heads ?? []) if (typeof head.value === 'string') return head.value;
  return '';
}
