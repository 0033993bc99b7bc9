/**
 * A log by what is looked up in it. Made once for a list of interventions, which nobody changes after it was made: of five
 * thousand lines every question that the page asks at a stroke is then answered without going through them.
 */
import type { ProposalView } from '../contract/room.ts';
import type { RecordId } from '../ids.ts';
import { placeKey, type DiscussedPlace } from './places.ts';
import type { Intervention } from './session-time.ts';

export interface Placed {
  readonly intervention: Intervention;
  /** Its place in the session's order. */
  readonly order: number;
}

interface LogIndex {
  readonly all: readonly Placed[];
  readonly byPlace: ReadonlyMap<string, readonly Placed[]>;
  /** Of a paragraph under whatever item. */
  readonly byParagraph: ReadonlyMap<string, readonly Placed[]>;
  readonly orderOf: ReadonlyMap<RecordId, number>;
}

const logs = new WeakMap<readonly Intervention[], LogIndex>();
const proposers = new WeakMap<readonly ProposalView[], ReadonlyMap<string, readonly ProposalView[]>>();

function indexOf(interventions: readonly Intervention[]): LogIndex {
  const known = logs.get(interventions);
  if (known !== undefined) return known;
  const all = interventions.map((intervention, order) => ({ intervention, order }));
  const orderOf = new Map<RecordId, number>();
  for (const { intervention, order } of all) for (const { id } of intervention.tellings) orderOf.set(id, order);
  const made = {
    all,
    byPlace: Map.groupBy(all, ({ intervention }) => placeKey(intervention.lead)),
    byParagraph: Map.groupBy(all, ({ intervention }) => placeKey({ ...intervention.lead, item: null })),
    orderOf,
  };
  logs.set(interventions, made);
  return made;
}

/** In the session's order. */
export function interventionsAt(interventions: readonly Intervention[], place: DiscussedPlace): readonly Placed[] {
  return indexOf(interventions).byPlace.get(placeKey(place)) ?? [];
}

/** The intervention that an entry tells; null for an entry that is not in the log. */
export function interventionWith(interventions: readonly Intervention[], entry: RecordId): Intervention | null {
  const order = indexOf(interventions).orderOf.get(entry);
  return order === undefined ? null : (interventions[order] ?? null);
}

/** What was said at a proposal's paragraph, or anywhere for one that names none, after the entry that made it. */
export function saidAfter(
  interventions: readonly Intervention[],
  { entry, document, label }: Pick<ProposalView, 'entry' | 'document' | 'label'>,
): readonly Intervention[] {
  const { all, byParagraph, orderOf } = indexOf(interventions);
  const from = entry === null ? -1 : (orderOf.get(entry) ?? -1);
  const here = label === '' ? all : (byParagraph.get(placeKey({ item: null, document, label })) ?? []);
  return here.filter(({ order }) => order > from).map(({ intervention }) => intervention);
}

/** Live proposals of one proposer. */
export function proposalsBy(proposals: readonly ProposalView[], by: string): readonly ProposalView[] {
  let known = proposers.get(proposals);
  if (known === undefined) {
    known = Map.groupBy(
      proposals.filter(({ removed }) => !removed),
      (each) => each.by,
    );
    proposers.set(proposals, known);
  }
  return known.get(by) ?? [];
}
