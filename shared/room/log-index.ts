/**
 * A log by what is looked up in it. Made once for a list of interventions, which nobody changes after it was made: of five
 * thousand lines every question that the page asks at a stroke is then answered without going through them.
 */
import type { ProposalView } from '../contract/room/log.ts';
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
  /** In the order in which the discussion first came to a place. */
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
    byPlace: Map.groupBy(all, ({ intervention }) => keyOf(intervention)),
    byParagraph: Map.groupBy(all, ({ intervention }) => paragraphOf(intervention)),
    orderOf,
  };
  logs.set(interventions, made);
  return made;
}

/**
 * The index of a log that grew out of another by lines at its end and by other words at the same places; nothing is done
 * where that one was never asked. What was found at places that nothing was said at stays the same list.
 */
export function carryIndex(before: readonly Intervention[], after: readonly Intervention[]): void {
  const known = logs.get(before);
  if (known === undefined) return;
  const all = [...known.all];
  const byPlace = new Map(known.byPlace);
  const byParagraph = new Map(known.byParagraph);
  for (let order = 0; order < before.length; order++) {
    const [was, is] = [before[order]!, after[order]!];
    if (was === is) continue;
    // A line at another place than before may be the first there: then the order of places is another.
    if (keyOf(was) !== keyOf(is) || paragraphOf(was) !== paragraphOf(is)) return;
    const placed = { intervention: is, order };
    const swap = (list: readonly Placed[]): Placed[] => list.map((each) => (each.order === order ? placed : each));
    all[order] = placed;
    byPlace.set(keyOf(is), swap(byPlace.get(keyOf(is))!));
    byParagraph.set(paragraphOf(is), swap(byParagraph.get(paragraphOf(is))!));
  }
  const orderOf = after.length === before.length ? known.orderOf : new Map(known.orderOf);
  for (let order = before.length; order < after.length; order++) {
    const intervention = after[order]!;
    const placed = { intervention, order };
    all.push(placed);
    byPlace.set(keyOf(intervention), [...(byPlace.get(keyOf(intervention)) ?? []), placed]);
    byParagraph.set(paragraphOf(intervention), [...(byParagraph.get(paragraphOf(intervention)) ?? []), placed]);
    for (const { id } of intervention.tellings) (orderOf as Map<RecordId, number>).set(id, order);
  }
  logs.set(after, { all, byPlace, byParagraph, orderOf });
}

const keyOf = ({ lead }: Intervention): string => placeKey(lead);
const paragraphOf = ({ lead }: Intervention): string => placeKey({ ...lead, item: null });

/** What was said place by place, in the order in which the discussion first came to them. */
export function placesOf(interventions: readonly Intervention[]): Iterable<readonly Placed[]> {
  return indexOf(interventions).byPlace.values();
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
